using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Evaluation;

namespace FhirMg.Fhir.Writing;

/// <summary>How a server itself names the patient of an assessment.</summary>
internal static class PatientAt
{
    /// <summary><c>Patient/id</c>; null for a patient without an id, and for one of another server.</summary>
    public static string? Find(FhirServer server, Assessment assessment)
    {
        var name = assessment.Features.Patient;
        return name.Contains('#', StringComparison.Ordinal) || name.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) ? null
            : Uri.TryCreate(name, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
                ? (server.Options.Owns(url) ? WrittenTypes.LastTwo(name) : null)
            : name;
    }
}
