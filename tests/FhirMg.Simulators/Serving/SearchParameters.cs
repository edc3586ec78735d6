using System.Globalization;
using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>The search parameters the simulators know, evaluated over resources as they stand.</summary>
internal static class SearchParameters
{
    private static readonly Dictionary<string, (Func<JsonNode, string, bool> Test, string[] Elements)> Known = new()
    {
        ["_id"] = (Token, ["id"]),
        ["_lastUpdated"] = (Date, ["meta.lastUpdated"]),
        ["_tag"] = (Token, ["meta.tag"]),
        ["_profile"] = (Token, ["meta.profile"]),
        ["patient"] = (Reference, ["subject", "patient", "for"]),
        ["subject"] = (Reference, ["subject", "patient", "for"]),
        ["encounter"] = (Reference, ["encounter", "context"]),
        ["based-on"] = (Reference, ["basedOn"]),
        ["medication"] = (Reference, ["medicationReference"]),
        ["target"] = (Reference, ["target"]),
        ["code"] = (Token, ["code", "medicationCodeableConcept"]),
        ["category"] = (Token, ["category"]),
        ["status"] = (Token, ["status"]),
        ["intent"] = (Token, ["intent"]),
        ["identifier"] = (Token, ["identifier"]),
        ["clinical-status"] = (Token, ["clinicalStatus"]),
        ["verification-status"] = (Token, ["verificationStatus"]),
        ["questionnaire"] = (Token, ["questionnaire"]),
        ["birthdate"] = (Date, ["birthDate"]),
        ["date"] = (Date, ["effectiveDateTime", "effectivePeriod", "effectiveInstant", "period", "performedDateTime", "occurrenceDateTime", "authoredOn", "date", "recordedDate"]),
        ["authoredon"] = (Date, ["authoredOn"]),
        ["authored"] = (Date, ["authored", "authoredOn"]),
        ["recorded-date"] = (Date, ["recordedDate"]),
        ["onset-date"] = (Date, ["onsetDateTime", "onsetPeriod"]),
    };

    public static IEnumerable<string> Names => Known.Keys;

    public static IEnumerable<string> References(JsonObject resource, string name) =>
        Known.TryGetValue(name, out var known) ? known.Elements.SelectMany(e => At(resource, e)).Select(v => (v as JsonObject)?["reference"]?.ToString()).OfType<string>() : [];

    public static string TypeOf(string name) =>
        Known.TryGetValue(name, out var known) && known.Test != Token ? known.Test == Date ? "date" : "reference" : "token";

    /// <summary>Whether any value of the parameter is one of the comma-separated ones asked for.</summary>
    public static bool Matches(JsonObject resource, string name, string wanted)
    {
        var (code, modifier) = name.Split(':') is [var c, var m] ? (c, m) : (name, "");
        var (test, elements) = Known[code];
        var values = elements.SelectMany(e => At(resource, e)).ToList();
        var list = wanted.Split(',').Select(w => char.IsUpper(modifier.FirstOrDefault()) && !w.Contains('/', StringComparison.Ordinal) ? $"{modifier}/{w}" : w).ToList();
        return modifier switch
        {
            "missing" => (values.Count == 0) == (wanted == "true"),
            "not" => !values.Any(v => list.Any(w => test(v, w))),
            _ => values.Any(v => list.Any(w => test(v, w))),
        };
    }

    private static IEnumerable<JsonNode> At(JsonNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = node?[name];
        }

        return node is JsonArray several ? several.OfType<JsonNode>() : node is null ? [] : [node];
    }

    private static bool Token(JsonNode value, string wanted)
    {
        if (value is JsonObject concept && concept["coding"] is JsonArray codings)
        {
            return codings.OfType<JsonObject>().Any(c => Token(c, wanted));
        }

        var (system, code) = value is JsonObject o ? (o["system"]?.ToString() ?? "", (o["code"] ?? o["value"])?.ToString()) : ("", value.ToString());
        return wanted.Split('|') is [var wantedSystem, var wantedCode]
            ? system == wantedSystem && (wantedCode.Length == 0 || code == wantedCode)
            : code == wanted;
    }

    private static bool Reference(JsonNode value, string wanted)
    {
        if (value["reference"]?.ToString() is not { } reference)
        {
            return false;
        }

        // An absolute reference of whatever server counts by its last two parts: the simulator stands for all of them.
        var local = string.Join('/', reference.Split("/_history/")[0].Split('/')[^Math.Min(2, reference.Split("/_history/")[0].Split('/').Length)..]);
        var asked = string.Join('/', wanted.Split('/')[^Math.Min(2, wanted.Split('/').Length)..]);
        return local == asked || local.EndsWith("/" + asked, StringComparison.Ordinal);
    }

    private static bool Date(JsonNode value, string wanted)
    {
        var prefix = wanted.Length > 2 && char.IsAsciiLetter(wanted[0]) ? wanted[..2] : "eq";
        var than = Range(wanted.StartsWith(prefix, StringComparison.Ordinal) ? wanted[2..] : wanted);
        var range = value is JsonObject period
            ? (Low: Range(period["start"]?.ToString())?.Low ?? DateTimeOffset.MinValue, High: Range(period["end"]?.ToString())?.High ?? DateTimeOffset.MaxValue)
            : Range(value.ToString());
        return range is var (low, high) && than is var (from, to) && prefix switch
        {
            "gt" => high > to,
            "lt" => low < from,
            "ge" => high > to || (low >= from && high <= to),
            "le" => low < from || (low >= from && high <= to),
            "sa" => low >= to,
            "eb" => high <= from,
            "ne" => !(low >= from && high <= to),
            _ => low >= from && high <= to,
        };
    }

    private static (DateTimeOffset Low, DateTimeOffset High)? Range(string? text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal;
        foreach (var (format, step) in new (string, Func<DateTimeOffset, DateTimeOffset>)[] { ("yyyy", d => d.AddYears(1)), ("yyyy-MM", d => d.AddMonths(1)), ("yyyy-MM-dd", d => d.AddDays(1)) })
        {
            if (DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, Utc, out var day))
            {
                return (day, step(day));
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var at) ? (at, at.AddSeconds(at.Millisecond == 0 ? 1 : 0).AddMilliseconds(at.Millisecond == 0 ? 0 : 1)) : null;
    }
}
