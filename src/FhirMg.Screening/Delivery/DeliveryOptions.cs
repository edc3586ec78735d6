using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening.Delivery;

/// <summary>Where a population's results are written, and how fast.</summary>
/// <param name="Server">The server; its write policy and abilities are the upper bound.</param>
/// <param name="Language">Language of texts.</param>
/// <param name="PerSecond">Patients a second at most; above 0.</param>
/// <param name="Progress">Is told after each patient; may be null.</param>
public sealed record DeliveryOptions(FhirServer Server, Language Language, double PerSecond = WriteDelivery.DefaultPerSecond, IProgress<DeliveryAccount>? Progress = null)
{
    /// <summary>What people have overridden about a patient, <c>Patient/id</c>, in feedback on cards, which no FHIR server holds; null for nothing.</summary>
    public Func<string, IReadOnlyList<OverriddenCard>>? Overridden { get; init; }
}

/// <summary>What was written of a population's results.</summary>
/// <param name="Patients">Patients whose results were delivered, failed ones included.</param>
/// <param name="Created">Resources created.</param>
/// <param name="Withdrawn">Resources of ours that no longer hold, withdrawn.</param>
/// <param name="NotWritten">Resources that the server, or its write policy, does not take.</param>
/// <param name="FailedPatients">Patients whose results are not all there; a repeated run completes them.</param>
/// <param name="Problems">Why, for the first of them.</param>
public sealed record DeliveryAccount(long Patients, long Created, long Withdrawn, long NotWritten, long FailedPatients, IReadOnlyList<string> Problems)
{
    /// <summary>The most problems that are named one by one.</summary>
    public const int MostProblems = 20;
}
