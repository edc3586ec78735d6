using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Evaluating;

/// <summary>A patient of a server, evaluated.</summary>
/// <param name="Assessment">What was concluded.</param>
/// <param name="Warnings">What could not be read and why; for people, not for logs.</param>
/// <param name="Pages">What the server sent about the patient, the Patient first.</param>
internal sealed record EvaluatedPatient(Assessment Assessment, IReadOnlyList<string> Warnings, IReadOnlyList<ReadOnlyMemory<byte>> Pages)
{
    /// <summary>That the patient asked for was merged into this one, for people; null when this is the one asked for.</summary>
    public string? Merge { get; init; }
}

/// <summary>Reads and evaluates one patient of a tenant.</summary>
internal static class PatientEvaluation
{
    /// <summary>Evaluates a patient; of one that was merged (<c>Patient.link</c> replaced-by), the one that lives on, with what lies with the merged records.</summary>
    /// <param name="tenant">Whose patient it is.</param>
    /// <param name="server">The tenant's server, possibly with somebody's token.</param>
    /// <param name="id">The patient's id.</param>
    /// <param name="asOf">The time looked at.</param>
    /// <param name="cancellationToken">Ends the work; the server's deadline does too.</param>
    /// <param name="known">Resources, UTF-8 JSON, that a search may not list yet; null for none.</param>
    /// <exception cref="FhirServerException">The data could not be had.</exception>
    public static async Task<EvaluatedPatient> EvaluateAsync(
        Tenant tenant, FhirServer server, string id, DateTimeOffset asOf, CancellationToken cancellationToken, IReadOnlyList<ReadOnlyMemory<byte>>? known = null)
    {
        var pulled = await new MergedPull(server, tenant.Knowledge).ReadAsync(id, asOf, cancellationToken, known).ConfigureAwait(false);
        return new(Evaluator.Evaluate(Extractor.Extract(pulled.Record, tenant.Knowledge, asOf, pulled.NotRead), tenant.Knowledge), pulled.Warnings, pulled.Pages) { Merge = pulled.Merge };
    }
}
