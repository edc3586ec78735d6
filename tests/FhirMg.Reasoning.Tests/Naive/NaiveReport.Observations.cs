using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private sealed record Result(string Row, string Name, Moment When, string WhenText, bool Preliminary, long Issued)
    {
        public Interval Value { get; init; } = Interval.Closed(null, null);

        // "low", "normal" or "high" by the laboratory; null when it does not say.
        public string? LabSays { get; init; }

        // Of a pregnancy status or a tetany test.
        public bool Positive { get; init; }
    }

    private sealed class Observed
    {
        public List<Result> Results { get; } = [];

        // Times of serum samples set aside as value, unit or implausible.
        public List<Moment> UnreadSerum { get; } = [];
    }

    private static void ReadObservation(Entry entry, bool readable, Moment? birth, long asOf, Observed into, SetAsides aside)
    {
        var parts = Items(entry.Resource, "component").Where(c => c is JsonObject).Prepend(entry.Resource);
        foreach (var part in parts)
        {
            var rows = Rows(Get(part, "code"));
            if (rows.Count == 0 || rows is ["unused"])
            {
                continue;
            }

            var malformed = rows.Count > 1 || !ObservationHeadShape(entry.Resource) || !MeasuredShape(part);
            var reason = malformed ? "malformed"
                : !readable ? "subject"
                : ReadMeasured(entry, part, rows[0], birth, asOf, into);
            if (reason is not null)
            {
                aside.Add(entry.Name, reason);
            }
        }
    }

    private static (string? Text, bool Instant) TimeOf(JsonNode observation) =>
        Get(observation, "effectiveDateTime") is not null ? (Text(observation, "effectiveDateTime"), false)
        : Get(observation, "effectiveInstant") is not null ? (Text(observation, "effectiveInstant"), true)
        : Get(Get(observation, "effectivePeriod"), "end") is { } end ? (Text(end), false)
        : (Text(observation, "issued"), true);

    private static string? ReadMeasured(Entry entry, JsonNode part, string row, Moment? birth, long asOf, Observed into)
    {
        var observation = entry.Resource;
        var status = Text(observation, "status");
        if (status is not ("final" or "amended" or "corrected" or "preliminary"))
        {
            return "status";
        }

        var (text, instant) = TimeOf(observation);
        if (ReadTime(text, instant) is not { } when || (row == "serum" && birth is not null && when.LastDay < birth.FirstDay))
        {
            return "date";
        }

        if (IsFuture(when, asOf))
        {
            return "future";
        }

        var issued = ReadTime(Text(observation, "issued"), true)?.Start ?? long.MinValue;
        var result = new Result(row, entry.Name, when, text!, status == "preliminary", issued);
        var reason = row switch
        {
            "serum" or "erythrocytes" or "leukocytes" or "ionized" or "egfr" => ReadQuantity(part, row, ref result),
            "pregnancy" or "tetany" or "load" => ReadAnswer(part, row, ref result),
            _ => null,
        };
        if (reason is null)
        {
            into.Results.Add(result);
        }
        else if (row == "serum")
        {
            into.UnreadSerum.Add(when);
        }

        return reason;
    }

    private static string? ReadQuantity(JsonNode part, string row, ref Result result)
    {
        var (value, reason) = ReadInterval(part, row == "egfr" ? FiltrationUnit : MagnesiumUnit);
        if (value is null)
        {
            return reason;
        }

        var plausible = row == "egfr" ? Interval.From(0) : new Interval(0, false, 10, true);
        if (!value.Touches(plausible))
        {
            return "implausible";
        }

        result = result with { Value = value, LabSays = LabCategory(part, value) };
        return null;
    }

    private static string? ReadAnswer(JsonNode part, string row, ref Result result)
    {
        var hasValue = row switch
        {
            "pregnancy" => Get(part, "valueCodeableConcept") is not null,
            "tetany" => Get(part, "valueCodeableConcept") is not null || Get(part, "valueBoolean") is not null,
            _ => part is JsonObject o && o.Any(p => p.Key.StartsWith("value", StringComparison.Ordinal) && p.Value is not null),
        };
        var marks = Items(part, "interpretation").Append(Get(part, "valueCodeableConcept")).OfType<JsonNode>();
        var positiveMark = marks.Any(m => HasCode(m, Interpretations, "POS", "A"));
        if (Get(part, "dataAbsentReason") is not null || (!hasValue && !(row == "tetany" && Items(part, "interpretation").Any())))
        {
            return "value";
        }

        var answer = Get(part, "valueCodeableConcept");
        result = result with
        {
            Positive = row == "pregnancy"
                ? HasCode(answer, Snomed, "77386006") || HasCode(answer, Loinc, "LA15173-0")
                : IsTrue(Get(part, "valueBoolean")) || positiveMark,
        };
        return null;
    }

    private static string? LabCategory(JsonNode part, Interval value)
    {
        foreach (var coding in Items(part, "interpretation").SelectMany(i => Codings(i)).Where(c => c.System == Interpretations))
        {
            var category = coding.Code switch
            {
                "L" or "LL" or "LU" => "low",
                "N" => "normal",
                "H" or "HH" or "HU" => "high",
                _ => null,
            };
            if (category is not null)
            {
                return category;
            }
        }

        foreach (var range in Items(part, "referenceRange"))
        {
            var limits = new JsonObject { ["low"] = Get(range, "low")?.DeepClone(), ["high"] = Get(range, "high")?.DeepClone() };
            if (ReadRange(limits, MagnesiumUnit).Value is { } reference)
            {
                var below = reference.Low is { } low && value.Touches(Interval.Below(low));
                var above = reference.High is { } high && value.Touches(Interval.Above(high));
                return (below, value.Touches(reference), above) switch
                {
                    (true, false, false) => "low",
                    (false, true, false) => "normal",
                    (false, false, true) => "high",
                    _ => null,
                };
            }
        }

        return null;
    }

    // The current one of some results: none begins after it ends; then issued, value, name.
    private static Result? Newest(IEnumerable<Result> results)
    {
        var all = results.ToList();
        return all.Where(r => !all.Any(other => other.When.BeginsAfter(r.When)))
            .OrderByDescending(r => r.Issued)
            .ThenByDescending(r => r.Row == "pregnancy" && r.Positive)
            .ThenBy(r => r.Value.Low ?? decimal.MinValue)
            .ThenBy(r => r.Value.LowIn || r.Value.Low is null ? 0 : 1)
            .ThenBy(r => r.Value.High ?? decimal.MaxValue)
            .ThenBy(r => r.Value.HighIn || r.Value.High is null ? 1 : 0)
            .ThenBy(r => r.Name, StringComparer.Ordinal)
            .FirstOrDefault();
    }
}
