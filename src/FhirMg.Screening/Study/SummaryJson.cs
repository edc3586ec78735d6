using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study.Statistics;

namespace FhirMg.Screening.Study;

/// <summary>Writes <c>summary.json</c>: the study for programs (docs/screening-results.md).</summary>
internal static class SummaryJson
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly (string Name, decimal Share)[] Quantiles = [("p5", 1m / 20), ("p25", 1m / 4), ("p50", 1m / 2), ("p75", 1 - (1m / 4)), ("p95", 1 - (1m / 20))];

    public static void Write(Stream output, CohortSummary summary)
    {
        using var writer = new Utf8JsonWriter(output, Layout);
        writer.WriteStartObject();
        writer.WriteString("asOf"u8, summary.AsOf.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("knowledge"u8, summary.Knowledge.Canonical);
        writer.WriteNumber("suppressBelow"u8, summary.SuppressBelow);
        WriteLimits(writer, summary.Knowledge);
        WriteFigure(writer, "patients"u8, summary[FigureRow.All, FigureColumn.All], null);
        WriteFigure(writer, "deceased"u8, summary.Deceased, null);
        WriteTesting(writer, summary);
        WriteTables(writer, summary);
        WriteOddsRatios(writer, summary);
        writer.WriteStartObject("serum"u8);
        writer.WriteString("unit"u8, Wording.Unit);
        WriteDistribution(writer, "withMigraine"u8, summary.With);
        WriteDistribution(writer, "withoutMigraine"u8, summary.Without);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter writer, Knowledge knowledge)
    {
        writer.WriteStartObject("cannotShow"u8);
        foreach (var (name, language) in ((string, Language)[])[("en", Language.English), ("ru", Language.Russian)])
        {
            writer.WriteStartArray(name);
            foreach (var limit in new Wording(knowledge, language).Limits())
            {
                writer.WriteStringValue(limit);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteTesting(Utf8JsonWriter writer, CohortSummary summary)
    {
        writer.WriteStartObject("migraineTesting"u8);
        WriteFigure(writer, "patients"u8, summary[FigureRow.All, FigureColumn.AnyMigraine], null);
        foreach (var (name, row) in ((string, FigureRow)[])
            [("neverTested", FigureRow.Of(SerumStatus.Missing)), ("stale", FigureRow.Of(SerumStatus.Stale)), ("latentSuspected", FigureRow.Of(Deficiency.LatentSuspected))])
        {
            WriteFigure(writer, System.Text.Encoding.UTF8.GetBytes(name), summary[row, FigureColumn.AnyMigraine], summary.Percent(row, FigureColumn.AnyMigraine));
        }

        writer.WriteEndObject();
    }

    private static void WriteTables(Utf8JsonWriter writer, CohortSummary summary)
    {
        writer.WriteStartArray("tables"u8);
        foreach (var table in CohortTables.All)
        {
            writer.WriteStartObject();
            writer.WriteString("code"u8, table.Code);
            writer.WriteStartArray("columns"u8);
            foreach (var column in table.Columns)
            {
                writer.WriteStartObject();
                writer.WriteString("code"u8, column.Code);
                WriteCount(writer, summary[FigureRow.All, column.Column]);
                writer.WriteStartObject("rows"u8);
                foreach (var row in table.Rows)
                {
                    WriteFigure(writer, System.Text.Encoding.UTF8.GetBytes(row.Code), summary[row.Row, column.Column], summary.Percent(row.Row, column.Column));
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOddsRatios(Utf8JsonWriter writer, CohortSummary summary)
    {
        writer.WriteStartObject("oddsRatios"u8);
        writer.WriteNumber("confidence"u8, CrudeOddsRatio.Confidence);
        writer.WriteStartObject("crude"u8);
        foreach (var (name, row, column) in ((string, FigureRow, FigureColumn)[])
        [
            ("migraineLow", FigureRow.Low, FigureColumn.AnyMigraine), ("migraineNotLow", FigureRow.NotLow, FigureColumn.AnyMigraine),
            ("noMigraineLow", FigureRow.Low, FigureColumn.Of(MigraineForm.None)), ("noMigraineNotLow", FigureRow.NotLow, FigureColumn.Of(MigraineForm.None)),
        ])
        {
            WriteFigure(writer, System.Text.Encoding.UTF8.GetBytes(name), summary[row, column], null);
        }

        WriteEstimate(writer, summary.Crude);
        writer.WriteEndObject();
        writer.WriteStartObject("stratified"u8);
        WriteEstimate(writer, summary.Stratified);
        if (summary.Stratified.Availability == Availability.Given)
        {
            writer.WriteNumber("strata"u8, summary.Strata);
        }

        if (summary.Heterogeneity is { } test)
        {
            writer.WriteStartObject("heterogeneity"u8);
            writer.WriteString("test"u8, "breslow-day");
            writer.WriteNumber("chiSquared"u8, Rounded.Of(test.ChiSquared));
            writer.WriteNumber("degreesOfFreedom"u8, test.DegreesOfFreedom);
            writer.WriteNumber("pValue"u8, Rounded.Of(test.PValue));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEstimate(Utf8JsonWriter writer, PublishedOddsRatio published)
    {
        if (published.Estimate is not { } estimate)
        {
            writer.WriteString("absent"u8, published.Availability == Availability.Hidden ? "hidden" : "nothing-to-compare");
            return;
        }

        foreach (var (name, value) in ((string, double)[])[("value", estimate.Value), ("low", estimate.Low), ("high", estimate.High)])
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumber(name, Rounded.Of(value));
            }
            else
            {
                writer.WriteString(name, "Infinity");
            }
        }

        writer.WriteString("method"u8, JsonNamingPolicy.KebabCaseLower.ConvertName(estimate.Method.ToString()));
    }

    private static void WriteDistribution(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Distribution? distribution)
    {
        writer.WriteStartObject(name);
        WriteCount(writer, distribution?.Count);
        if (distribution is { Count: > 0 })
        {
            writer.WriteStartObject("quantiles"u8);
            foreach (var (quantile, share) in Quantiles)
            {
                if (distribution.Quantile(share) is { } value)
                {
                    writer.WriteNumber(quantile, Math.Round(value, 3));
                }
            }

            writer.WriteEndObject();
            writer.WriteStartArray("bins"u8);
            foreach (var bin in distribution.Bins.Where(bin => bin.Count > 0))
            {
                writer.WriteStartObject();
                writer.WriteNumber("from"u8, bin.From);
                if (bin.To is { } to)
                {
                    writer.WriteNumber("to"u8, to);
                }

                writer.WriteNumber("count"u8, bin.Count);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteFigure(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? count, decimal? percent)
    {
        writer.WriteStartObject(name);
        WriteCount(writer, count);
        if (percent is { } share)
        {
            writer.WriteNumber("percent"u8, Math.Round(share, 2));
        }

        writer.WriteEndObject();
    }

    private static void WriteCount(Utf8JsonWriter writer, long? count)
    {
        if (count is { } shown)
        {
            writer.WriteNumber("count"u8, shown);
        }
        else
        {
            writer.WriteBoolean("hidden"u8, true);
        }
    }
}
