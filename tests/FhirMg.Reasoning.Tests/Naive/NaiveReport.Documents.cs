using System.Globalization;
using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private sealed record Entry(string? FullUrl, JsonObject Resource, string Type, string? Id, string Name);

    private static readonly string[] PatientTypes =
    [
        "Observation", "Condition", "Encounter", "AllergyIntolerance", "MedicationRequest", "MedicationStatement",
        "MedicationAdministration", "QuestionnaireResponse",
    ];

    private sealed class Document
    {
        public Document(JsonNode? node)
        {
            var slots = node is JsonArray singles
                ? singles.Select(r => (FullUrl: (string?)null, Resource: r)).ToList()
                : Text(node, "resourceType") == "Bundle"
                    ? (Get(node, "entry") as JsonArray ?? []).Select(e => (FullUrl: Text(e, "fullUrl"), Resource: Get(e, "resource"))).ToList()
                    : [(null, node)];
            for (var i = 0; i < slots.Count; i++)
            {
                if (slots[i].Resource is JsonObject resource && Text(resource, "resourceType") is { } type)
                {
                    var id = Text(resource, "id");
                    var name = id is not null
                        ? $"{type}/{id}"
                        : slots[i].FullUrl ?? string.Create(CultureInfo.InvariantCulture, $"{type}/#{i}");
                    Entries.RemoveAll(e => id is not null && e.Type == type && e.Id == id);
                    Entries.Add(new Entry(slots[i].FullUrl, resource, type, id, name));
                }
            }
        }

        public List<Entry> Entries { get; } = [];

        public Entry? Resolve(string? reference)
        {
            var target = WithoutVersion(reference);
            if (target is null)
            {
                return null;
            }

            return Entries.LastOrDefault(e => e.FullUrl is not null && WithoutVersion(e.FullUrl) == target)
                ?? Entries.LastOrDefault(e => e.Id is not null && target == $"{e.Type}/{e.Id}")
                ?? Entries.LastOrDefault(e => e.Id is not null && IsHttp(target)
                    && target.EndsWith($"/{e.Type}/{e.Id}", StringComparison.Ordinal)
                    && (e.FullUrl is null || !IsHttp(e.FullUrl)));
        }

        // The name of the patient that a resource is about; null when the subject is not readable.
        public string? PatientOf(Entry entry)
        {
            var subject = Get(entry.Resource, entry.Type == "AllergyIntolerance" ? "patient" : "subject");
            var reference = Text(subject, "reference");
            if (Resolve(reference) is { } found)
            {
                return found.Type == "Patient" ? found.Name : null;
            }

            var parts = WithoutVersion(reference)?.Split('/') ?? [];
            return parts.Length >= 2 && parts[^2] == "Patient" && parts[^1].Length > 0 ? WithoutVersion(reference) : null;
        }

        // The resource that a reference of another resource points at, contained or in the document.
        public JsonObject? Target(Entry from, JsonNode? reference)
        {
            var text = Text(reference, "reference");
            return text is not null && text.StartsWith('#')
                ? Items(from.Resource, "contained").OfType<JsonObject>().FirstOrDefault(c => Text(c, "id") == text[1..])
                : Resolve(text)?.Resource;
        }

        public bool IsContained(JsonNode resource) => Entries.All(e => e.Resource != resource);
    }

    private static bool IsHttp(string url) =>
        url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static string? WithoutVersion(string? reference) => reference?.Split("/_history/")[0];

    private static readonly string[] Reasons =
        ["malformed", "subject", "status", "date", "future", "value", "unit", "implausible"];

    private sealed class SetAsides
    {
        private readonly Dictionary<string, string> reasons = new(StringComparer.Ordinal);

        public void Add(string resource, string reason)
        {
            if (!reasons.TryGetValue(resource, out var other) || Array.IndexOf(Reasons, reason) < Array.IndexOf(Reasons, other))
            {
                reasons[resource] = reason;
            }
        }

        public JsonArray ToJson() => new(reasons.OrderBy(r => r.Key, StringComparer.Ordinal)
            .Select(r => (JsonNode)new JsonObject { ["resource"] = r.Key, ["reason"] = r.Value }).ToArray());
    }
}
