using System.Text.Encodings.Web;
using System.Text.Json;
using FhirMg.Reasoning.Knowing;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace FhirMg.Screening.Study;

/// <summary>Writes the study's counts as a FHIR MeasureReport of type summary; hidden counts are masked, as FHIR says data that is there but not shown.</summary>
internal static class CohortMeasureReport
{
    private const string DataAbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    private const string Populations = "http://terminology.hl7.org/CodeSystem/measure-population";
    private const string Measure = "Measure/magnesium-migraine-cohort";

    public static void Write(Stream output, CohortSummary summary)
    {
        using var writer = new Utf8JsonWriter(output, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        new FhirJsonSerializer().Serialize(Of(summary), writer);
    }

    public static MeasureReport Of(CohortSummary summary)
    {
        var asOf = new FhirDateTime(summary.AsOf).Value;
        return new()
        {
            Status = MeasureReport.MeasureReportStatus.Complete,
            Type = MeasureReport.MeasureReportType.Summary,
            Measure = $"{summary.Knowledge.CanonicalBase}/{Measure}|{Version(summary.Knowledge)}",
            Date = asOf,
            Period = new() { Start = new FhirDateTime(summary.AsOf - summary.Knowledge.Thresholds.LookBack).Value, End = asOf },
            Group =
            [
                .. CohortTables.SerumStatus.Concat(CohortTables.Deficiency).Select(row => Group(summary, row)),
            ],
        };
    }

    private static string? Version(Knowledge knowledge) => knowledge.Artifacts
        .Where(artifact => artifact.GetProperty("url"u8).GetString() == $"{knowledge.CanonicalBase}/{Measure}")
        .Select(artifact => artifact.GetProperty("version"u8).GetString()).FirstOrDefault();

    private static MeasureReport.GroupComponent Group(CohortSummary summary, CodedRow row) => new()
    {
        Code = new($"{summary.Knowledge.CanonicalBase}/CodeSystem/fhirmg", row.Code, summary.Knowledge.Terms[row.Code].En, null),
        Population =
        [
            .. Population(summary, row, FigureColumn.All).Select(pair => new MeasureReport.PopulationComponent { Code = pair.Code, CountElement = pair.Count }),
        ],
        MeasureScore = Score(summary, row, FigureColumn.All),
        Stratifier =
        [
            Stratifier(summary, row, "migraine-form", CohortTables.Migraine.Where(column => column.Column != FigureColumn.AnyMigraine), null),
            Stratifier(summary, row, "age-band", CohortTables.Age, null),
            Stratifier(summary, row, "gender", CohortTables.Gender, "http://hl7.org/fhir/administrative-gender"),
        ],
    };

    private static MeasureReport.StratifierComponent Stratifier(CohortSummary summary, CodedRow row, string code, IEnumerable<CodedColumn> columns, string? system) => new()
    {
        Code = [Own(summary.Knowledge, code)],
        Stratum =
        [
            .. columns.Select(column => new MeasureReport.StratifierGroupComponent
            {
                Value = system is null ? Own(summary.Knowledge, column.Code) : new(system, column.Code),
                Population =
                [
                    .. Population(summary, row, column.Column)
                        .Select(pair => new MeasureReport.StratifierGroupPopulationComponent { Code = pair.Code, CountElement = pair.Count }),
                ],
                MeasureScore = Score(summary, row, column.Column),
            }),
        ],
    };

    private static CodeableConcept Own(Knowledge knowledge, string code) =>
        new($"{knowledge.CanonicalBase}/CodeSystem/screening", code, knowledge.ScreeningWording[code].En, null);

    private static IEnumerable<(CodeableConcept Code, Integer Count)> Population(CohortSummary summary, CodedRow row, FigureColumn column) =>
    [
        (new(Populations, "initial-population"), Count(summary[FigureRow.All, column])),
        (new(Populations, "denominator"), Count(summary[FigureRow.All, column])),
        (new(Populations, "numerator"), Count(summary[row.Row, column])),
    ];

    private static Integer Count(long? count) => count is { } shown
        ? new(checked((int)shown))
        : new() { Extension = [new(DataAbsentReason, new Code("masked"))] };

    private static Quantity? Score(CohortSummary summary, CodedRow row, FigureColumn column) =>
        summary.Percent(row.Row, column) is { } percent ? new() { Value = Math.Round(percent, 2) / 100 } : null;
}
