using System.Globalization;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Fhir.Writing;

/// <summary>Reads resources into what matters of ours.</summary>
internal sealed class OursParser(Names names)
{
    private static readonly Dictionary<string, Deficiency> Classes = Enum.GetValues<Deficiency>().ToDictionary(value => value.Word(), StringComparer.Ordinal);

    public OursParser(string canonicalBase)
        : this(new Names(canonicalBase))
    {
    }

    public Names Names { get; } = names;

    /// <summary>What matters of a resource; null when it carries no identifier of ours.</summary>
    public OursOnServer? Parse(JsonObject resource)
    {
        if (resource.Text("resourceType") is not { } type || resource.Text("id") is not { } id || Identifier(resource, type) is not { } identifier)
        {
            return null;
        }

        var seal = Seal.In(resource, Names);
        var rule = (resource.Extensions(Names.Rule).Select(extension => extension.Text("valueCode")).FirstOrDefault() ?? seal?.Rule) is { } code && RuleIds.TryParse(code, out var known)
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
            Class = Class(resource) ?? (seal is not null && Classes.TryGetValue(seal.Class, out var sealedClass) ? sealedClass : null),
            AsWritten = type == "Provenance" || IsAsWritten(resource, seal),
            Json = resource,
        };
    }

    /// <summary>Whom a resource is about, as <c>Patient/id</c>.</summary>
    public static string? Subject(JsonObject resource) =>
        WrittenTypes.LastTwo(resource.Member("subject").Text("reference") ?? resource.Member("patient").Text("reference") ?? resource.Member("for").Text("reference"));

    // The seal speaks only where the server has dropped the fingerprint, which says more.
    private bool IsAsWritten(JsonObject resource, Seal? seal) => Fingerprint.In(resource, Names) is { } written
        ? written == Fingerprint.Of(resource, Names)
        : seal is not null && seal.Digest == Fingerprint.WithoutExtensions(resource);

    private string? Identifier(JsonObject resource, string type) => type == "Provenance"
        ? resource.Member("meta").Items("tag").Where(tag => tag.Text("system") == Names.AssessmentSystem).Select(tag => tag.Text("code")).FirstOrDefault()
        : resource.Items("identifier").Where(identifier => Names.IsOurs(identifier.Text("system"))).Select(identifier => identifier.Text("value")).FirstOrDefault();

    private Deficiency? Class(JsonObject resource) =>
        resource.Extensions(Names.Class).SelectMany(extension => extension.Member("valueCodeableConcept").Items("coding"))
            .Where(coding => coding.Text("system") == Names.CodeSystem).Select(coding => coding.Text("code"))
            .FirstOrDefault(code => code is not null && Classes.ContainsKey(code)) is { } word ? Classes[word] : null;
}
