using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Searching;

/// <summary>One parameter of a search with its alternatives, any of which is enough.</summary>
internal sealed class Criterion
{
    private static readonly string[] Prefixes = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];
    private readonly SearchParameter _parameter;
    private readonly string? _modifier;
    private readonly IReadOnlyList<string> _values;
    private readonly Func<JsonNode, bool> _isMet;

    /// <exception cref="FhirException">A modifier or value that is not understood.</exception>
    public Criterion(SearchParameter parameter, string? modifier, string text, ServerAddress address)
    {
        _parameter = parameter;
        _modifier = modifier;
        _values = [.. Split(text, ',').Where(value => value.Length > 0)];
        if (_values.Count == 0)
        {
            throw FhirException.Invalid($"The search parameter '{parameter.Name}' has no value.");
        }

        _isMet = (parameter.Kind, modifier) switch
        {
            (_, "missing") => Missing(),
            (SearchKind.Token, null or "not") => Any(_values.Select(Tokens.Matcher)),
            (SearchKind.Token, "text") => Any(_values.Select(Tokens.TextMatcher)),
            (SearchKind.Reference, null) => Any(_values.Select(value => References.Matcher(value, null, parameter.Name, address))),
            (SearchKind.Reference, "identifier") => Any(_values.Select(value => References.IdentifierMatcher(value))),
            (SearchKind.Reference, var type) when SearchParameters.Keeps(type) => Any(_values.Select(value => References.Matcher(value, type, parameter.Name, address))),
            (SearchKind.Date, null) => Any(_values.Select(Dates)),
            (SearchKind.Text, null or "exact" or "contains") => Any(_values.Select(Texts)),
            (SearchKind.Uri, null) => Any(_values.Select<string, Func<JsonNode, bool>>(value => node => node.Text() is { } uri && (uri == value || uri.StartsWith(value + "|", StringComparison.Ordinal)))),
            _ => throw FhirException.NotSupported($"The modifier '{modifier}' is not served for the {parameter.FhirType} parameter '{parameter.Name}'."),
        };
    }

    public bool IsMetBy(JsonObject resource)
    {
        var nodes = Nodes(resource, _parameter);
        return _modifier switch
        {
            "missing" => nodes.Any() != string.Equals(_values[0], "true", StringComparison.Ordinal),
            "not" => !nodes.Any(_isMet),
            _ => nodes.Any(_isMet),
        };
    }

    /// <summary>The nodes that a parameter looks at.</summary>
    public static IEnumerable<JsonNode> Nodes(JsonObject resource, SearchParameter parameter) => parameter.Paths.SelectMany(path => resource.At(path));

    private Func<JsonNode, bool> Missing() => _values is ["true" or "false"] ? _ => true : throw FhirException.Invalid($"'{_parameter.Name}:missing' is true or false.");

    private static Func<JsonNode, bool> Any(IEnumerable<Func<JsonNode, bool>> matchers)
    {
        var all = matchers.ToList();
        return node => all.Exists(matches => matches(node));
    }

    private Func<JsonNode, bool> Dates(string value)
    {
        var prefix = Prefixes.FirstOrDefault(one => value.StartsWith(one, StringComparison.Ordinal));
        // A plus sign that was not escaped arrives as a space.
        var asked = FhirInterval.Parse((prefix is null ? value : value[prefix.Length..]).Replace(' ', '+'))
            ?? throw FhirException.Invalid($"'{value}' is no date for the search parameter '{_parameter.Name}'.");
        return node => TimeOf(node) is { } time && time.Meets(prefix ?? "eq", asked);
    }

    /// <summary>The time of a date, dateTime, instant or Period; null when it is none.</summary>
    public static FhirInterval? TimeOf(JsonNode node)
    {
        if (node is not JsonObject period)
        {
            return node.Text() is { } text ? FhirInterval.Parse(text) : null;
        }

        var start = period.TextAt("start") is { } from ? FhirInterval.Parse(from)?.Low : null;
        var end = period.TextAt("end") is { } to ? FhirInterval.Parse(to)?.High : null;
        return start is null && end is null ? null : new(start ?? DateTimeOffset.MinValue, end ?? DateTimeOffset.MaxValue);
    }

    private Func<JsonNode, bool> Texts(string value) => node => Strings(node).Any(text => _modifier switch
    {
        "exact" => text == value,
        "contains" => text.Contains(value, StringComparison.OrdinalIgnoreCase),
        _ => text.StartsWith(value, StringComparison.OrdinalIgnoreCase),
    });

    private static IEnumerable<string> Strings(JsonNode node) => node is JsonObject parts
        ? parts.Where(part => part.Key is not "use" and not "period").SelectMany(part => part.Value is JsonArray items ? items.Select(JsonPath.Text) : [part.Value.Text()]).OfType<string>()
        : node.Text() is { } text ? [text] : [];

    /// <summary>Splits at a sign that no backslash escapes.</summary>
    internal static IEnumerable<string> Split(string text, char sign)
    {
        var part = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                part.Append(text[++i]);
            }
            else if (text[i] == sign)
            {
                yield return part.ToString();
                part.Clear();
            }
            else
            {
                part.Append(text[i]);
            }
        }

        yield return part.ToString();
    }
}
