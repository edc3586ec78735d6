using System.Globalization;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Searching;

/// <summary>A search of one resource type, understood.</summary>
internal sealed class SearchQuery
{
    public const int MostPerPage = 1000;
    private const int PerPage = 50;
    private readonly ServerAddress _address;
    private readonly List<Criterion> _criteria = [];
    private readonly List<(SearchParameter Parameter, bool Descending)> _sort = [];
    private readonly List<Include> _includes = [];

    private SearchQuery(string type, ServerAddress address) => (Type, _address) = (type, address);

    public string Type { get; }

    /// <summary>Matches on a page.</summary>
    public int Count { get; private set; } = PerPage;

    /// <summary>Whether only the number of matches is asked for.</summary>
    public bool CountOnly { get; private set; }

    /// <summary>Parameters that are not known, and were passed over because the client asked for that.</summary>
    public List<string> PassedOver { get; } = [];

    /// <summary>Understands the parameters of a search.</summary>
    /// <param name="lenient">Pass over what is not known (<c>Prefer: handling=lenient</c>) instead of refusing it.</param>
    /// <exception cref="FhirException">A parameter or value that is not understood.</exception>
    public static SearchQuery Parse(string type, IEnumerable<KeyValuePair<string, string>> parameters, ServerAddress address, bool lenient = false, Func<string, bool>? offers = null)
    {
        var query = new SearchQuery(type, address);
        foreach (var (key, value) in parameters)
        {
            query.Add(key, value, lenient, offers);
        }

        return query;
    }

    /// <summary>Parameters of a query text such as <c>identifier=a|b&amp;status=active</c>.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Parameters(string text) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(text).SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? "")));

    /// <summary>Whether a resource meets every criterion.</summary>
    public bool IsMetBy(JsonObject resource) => _criteria.TrueForAll(criterion => criterion.IsMetBy(resource));

    /// <summary>The matches, sorted.</summary>
    public IReadOnlyList<StoredVersion> Find(StoreState state, Func<StoredVersion, bool> visible)
    {
        IEnumerable<StoredVersion> found = state.Of(Type).Where(resource => IsMetBy(resource.Content!) && visible(resource));
        foreach (var (parameter, descending) in Enumerable.Reverse(_sort))
        {
            string Key(StoredVersion resource) => SortKey(resource, parameter);
            found = descending ? found.OrderByDescending(Key, StringComparer.Ordinal) : found.OrderBy(Key, StringComparer.Ordinal);
        }

        return [.. found];
    }

    /// <summary>What goes with matches by <c>_include</c> and <c>_revinclude</c>, each once.</summary>
    public IReadOnlyList<StoredVersion> Included(StoreState state, IReadOnlyList<StoredVersion> matches, Func<StoredVersion, bool> visible)
    {
        var seen = matches.Select(match => match.Reference).ToHashSet(StringComparer.Ordinal);
        return [.. _includes.SelectMany(include => include.Of(state, matches, _address)).Where(resource => visible(resource) && seen.Add(resource.Reference))];
    }

    private void Add(string key, string value, bool lenient, Func<string, bool>? offers)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        var (name, modifier) = colon < 0 ? (key, null) : (key[..colon], key[(colon + 1)..]);
        switch (name)
        {
            case "_count":
                Count = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Min(count, MostPerPage) : throw FhirException.Invalid($"_count={value} is no number.");
                CountOnly |= Count == 0;
                break;
            case "_summary":
                CountOnly = value == "count" || (value == "false" ? false : throw FhirException.NotSupported($"_summary={value} is not served; count and false are."));
                break;
            case "_format":
                RequireJson(value);
                break;
            case "_pretty" or "_total":
                break;
            case "_sort":
                _sort.AddRange(value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Sort));
                break;
            case "_include" or "_revinclude":
                _includes.Add(Include.Parse(Type, value, name == "_revinclude"));
                break;
            default:
                if (SearchParameters.Of(Type).TryGetValue(name, out var parameter) && offers?.Invoke(name) != false)
                {
                    _criteria.Add(new(parameter, modifier, value, _address));
                }
                else if (lenient)
                {
                    PassedOver.Add(name);
                }
                else
                {
                    throw FhirException.NotSupported($"{Type} cannot be searched by '{name}'. /metadata lists what it can be searched by; 'Prefer: handling=lenient' passes over the rest.");
                }

                break;
        }
    }

    public static void RequireJson(string format)
    {
        if (!format.Contains("json", StringComparison.OrdinalIgnoreCase) && format != "*/*")
        {
            throw new FhirException(StatusCodes.Status406NotAcceptable, "not-supported", $"Only JSON is served, not '{format}'.");
        }
    }

    private (SearchParameter Parameter, bool Descending) Sort(string text)
    {
        var name = text.TrimStart('-');
        return SearchParameters.Of(Type).TryGetValue(name, out var parameter) ? (parameter, text[0] == '-') : throw FhirException.NotSupported($"{Type} cannot be sorted by '{name}'.");
    }

    private static string SortKey(StoredVersion resource, SearchParameter parameter)
    {
        var node = Criterion.Nodes(resource.Content!, parameter).FirstOrDefault();
        return node is null ? ""
            : parameter.Kind == SearchKind.Date ? Criterion.TimeOf(node)?.Low.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? ""
            : node.Text() ?? node.TextAt("coding.code") ?? node.TextAt("reference") ?? node.TextAt("family") ?? node.TextAt("value") ?? "";
    }
}
