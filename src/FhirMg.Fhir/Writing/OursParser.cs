using System.Globalization;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Fhir.Writing;

/// <summary>Reads resources into what matters of ours.</summary>
internal sealed class OursParser(string canonicalBase)
{
    private static readonly Dictionary<string, Deficiency> Classes = Enum.GetValues<Deficiency>().ToDictionary(value => value.Word(), StringComparer.Ordinal);

    public Names Names { get; } = new(canonicalBase);

    /// <summary>What matters of a resource; null when it carries no identifier of ours.</summary>
    public OursOnServer? Parse(JsonObject resource)
    {
        if (resource.Text("resourceType") is not { } type || resource.Text("id") is not { } id || Identifier(resource, type) is not { } identifier)
        {
            return null;
        }

        var rule = resource.Extensions(Names.Rule).Select(extension => extension.Text("valueCode")).FirstOrDefault() is { } code && RuleIds.TryParse(code, out var known)
            ? known
            : (Rule?)null;
        var activity = resource.Items("instantiatesCanonical").OfType<JsonValue>().Select(value => value.ToString()).FirstOrDefault();
        var meta = resource.Member("meta");
        return new(type, id, identifier)
        {
            VersionId = meta.Text("versionId"),
            Rule = type == "RiskAssessment" ? null : rule,
            Slot = WrittenTypes.Slot(type, rule, activity, resource.Member("encounter").Text("reference")),
            Status = resource.Text("status"),
            Withdrawal = Withdrawals.In(resource, Names),
            LastUpdated = DateTimeOffset.TryParse(meta.Text("lastUpdated"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null,
            Class = Class(resource),
            AsWritten = type == "Provenance" || Fingerprint.In(resource, Names) == Fingerprint.Of(resource, Names),
            Json = resource,
        };
    }

    /// <summary>Whom a resource is about, as <c>Patient/id</c>.</summary>
    public static string? Subject(JsonObject resource) =>
        WrittenTypes.LastTwo(resource.Member("subject").Text("reference") ?? resource.Member("patient").Text("reference") ?? resource.Member("for").Text("reference"));

    private string? Identifier(JsonObject resource, string type) => type == "Provenance"
        ? resource.Member("meta").Items("tag").Where(tag => tag.Text("system") == Names.AssessmentSystem).Select(tag => tag.Text("code")).FirstOrDefault()
        : resource.Items("identifier").Where(identifier => Names.IsOurs(identifier.Text("system"))).Select(identifier => identifier.Text("value")).FirstOrDefault();

    private Deficiency? Class(JsonObject resource) =>
        resource.Extensions(Names.Class).SelectMany(extension => extension.Member("valueCodeableConcept").Items("coding"))
            .Where(coding => coding.Text("system") == Names.CodeSystem).Select(coding => coding.Text("code"))
            .FirstOrDefault(code => code is not null && Classes.ContainsKey(code)) is { } word ? Classes[word] : null;
}
