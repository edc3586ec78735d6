using Hl7.Fhir.Model;
using Microsoft.Extensions.Primitives;

namespace FhirMg.Service.Operations;

/// <summary>Searches the published artifacts (R4 search, for canonical resources).</summary>
internal static class ArtifactSearch
{
    private const int DefaultCount = 50;
    private const int MostCount = 500;

    /// <summary>Parameters that narrow a search, as the CapabilityStatement lists them, with their types.</summary>
    public static IReadOnlyDictionary<string, SearchParamType> Parameters { get; } = new Dictionary<string, SearchParamType>(StringComparer.Ordinal)
    {
        ["_id"] = SearchParamType.Token,
        ["url"] = SearchParamType.Uri,
        ["version"] = SearchParamType.Token,
        ["name"] = SearchParamType.String,
        ["title"] = SearchParamType.String,
        ["status"] = SearchParamType.Token,
    };

    // They shape the answer and narrow nothing.
    private static readonly HashSet<string> Shaping = new(StringComparer.Ordinal) { "_count", "_offset", "_format", "_pretty", "_summary", "_total" };

    /// <summary>The searchset.</summary>
    /// <param name="publication">What is searched.</param>
    /// <param name="type">The resource type.</param>
    /// <param name="parameters">Query, or form of a <c>_search</c>.</param>
    /// <param name="baseUrl">Our FHIR base, without a slash at the end.</param>
    /// <param name="strict">Whether an unknown parameter is an error (<c>Prefer: handling=strict</c>).</param>
    /// <exception cref="FhirProblemException">A parameter cannot be used.</exception>
    public static Bundle Run(Publication publication, string type, IEnumerable<KeyValuePair<string, StringValues>> parameters, string baseUrl, bool strict)
    {
        var given = parameters.ToList();
        var used = new List<string>();
        var found = publication.Of(type).Select(artifact => (Artifact: artifact, Resource: new Lazy<Resource>(artifact.Parse)));
        foreach (var (key, values) in given.Where(parameter => !Shaping.Contains(parameter.Key)))
        {
            var (name, modifier) = key.Split(':', 2) is [var head, var tail] ? (head, tail) : (key, null);
            if (!Parameters.TryGetValue(name, out var kind) || !Allows(kind, modifier))
            {
                if (strict)
                {
                    throw FhirProblemException.Invalid($"there is no search parameter '{key}' of {type} here; there are: {string.Join(", ", Parameters.Keys)}");
                }

                continue;
            }

            foreach (var value in values.OfType<string>())
            {
                used.Add($"{key}={Uri.EscapeDataString(value)}");
                var wanted = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
                found = found.Where(one => wanted.Any(text => Matches(one.Artifact, one.Resource.Value, name, modifier, text)));
            }
        }

        return Page(type, [.. found], given, used, baseUrl);
    }

    private static Bundle Page(string type, List<(Artifact Artifact, Lazy<Resource> Resource)> found, List<KeyValuePair<string, StringValues>> given, List<string> used, string baseUrl)
    {
        var isCount = Last(given, "_summary") == "count";
        var count = isCount ? 0 : Math.Min(Number(given, "_count", DefaultCount), MostCount);
        var offset = Number(given, "_offset", 0);
        var bundle = new Bundle
        {
            Type = Bundle.BundleType.Searchset,
            Total = found.Count,
            Entry = [.. found.Skip(offset).Take(count).Select(one => new Bundle.EntryComponent
            {
                FullUrl = $"{baseUrl}/{type}/{one.Artifact.Id}",
                Resource = one.Resource.Value,
                Search = new() { Mode = Bundle.SearchEntryMode.Match },
            })],
        };
        string Link(int at) => $"{baseUrl}/{type}?{string.Join('&', [.. used, $"_count={count}", .. at > 0 ? [$"_offset={at}"] : Array.Empty<string>()])}";
        bundle.Link.Add(new() { Relation = "self", Url = Link(offset) });
        if (count > 0 && offset + count < found.Count)
        {
            bundle.Link.Add(new() { Relation = "next", Url = Link(offset + count) });
        }

        return bundle;
    }

    private static bool Allows(SearchParamType kind, string? modifier) => modifier is null || (kind == SearchParamType.String && modifier is "exact" or "contains");

    private static bool Matches(Artifact artifact, Resource resource, string name, string? modifier, string wanted) => name switch
    {
        "_id" => artifact.Id == wanted,
        "url" => wanted == artifact.Url || (artifact.Version is not null && wanted == $"{artifact.Url}|{artifact.Version}"),
        "version" => artifact.Version == wanted,
        _ => Text(resource, name) is { } text && modifier switch
        {
            _ when name == "status" => string.Equals(text, wanted, StringComparison.Ordinal),
            "exact" => string.Equals(text, wanted, StringComparison.Ordinal),
            "contains" => text.Contains(wanted, StringComparison.OrdinalIgnoreCase),
            _ => text.StartsWith(wanted, StringComparison.OrdinalIgnoreCase),
        },
    };

    private static string? Text(Resource resource, string name) =>
        resource.EnumerateElements().FirstOrDefault(pair => pair.Key == name).Value is PrimitiveType { JsonValue: { } value } ? value.ToString() : null;

    private static string? Last(List<KeyValuePair<string, StringValues>> given, string name) => given.LastOrDefault(parameter => parameter.Key == name).Value.LastOrDefault();

    private static int Number(List<KeyValuePair<string, StringValues>> given, string name, int otherwise) =>
        Last(given, name) is not { } text ? otherwise
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : throw FhirProblemException.Invalid($"{name} must be a whole number from 0");
}
