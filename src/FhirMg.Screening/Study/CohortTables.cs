using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Screening.Study;

/// <summary>A row or column with the code that names it.</summary>
internal readonly record struct CodedRow(string Code, FigureRow Row);

/// <inheritdoc cref="CodedRow"/>
internal readonly record struct CodedColumn(string Code, FigureColumn Column);

/// <summary>One table: what is counted, by what.</summary>
/// <param name="Code">Its code, <c>serum-status-by-migraine</c> and so on.</param>
/// <param name="Rows">Statuses or classes.</param>
/// <param name="Columns">Forms of migraine, bands of age or genders; all patients last.</param>
internal sealed record CohortTable(string Code, IReadOnlyList<CodedRow> Rows, IReadOnlyList<CodedColumn> Columns);

/// <summary>The tables of the study, and the codes of what they count by.</summary>
internal static class CohortTables
{
    private static readonly string[] FormCodes = ["none", "without-aura", "with-aura", "chronic", "status-migrainosus", "unspecified"];
    private static readonly AdministrativeGender[] Genders = [AdministrativeGender.Female, AdministrativeGender.Male, AdministrativeGender.Other, AdministrativeGender.Unknown];

    public static IReadOnlyList<CodedRow> SerumStatus { get; } = [.. CohortSummary.Statuses.Select(status => new CodedRow(status.Word(), FigureRow.Of(status)))];

    public static IReadOnlyList<CodedRow> Deficiency { get; } = [.. CohortSummary.Deficiencies.Select(one => new CodedRow(one.Word(), FigureRow.Of(one)))];

    public static IReadOnlyList<CodedColumn> Migraine { get; } =
    [
        .. Enum.GetValues<MigraineForm>().Select(form => new CodedColumn(FormCodes[(int)form], FigureColumn.Of(form))),
        new("any", FigureColumn.AnyMigraine),
    ];

    public static IReadOnlyList<CodedColumn> Age { get; } =
        [.. Enum.GetValues<AgeBand>().Select(band => new CodedColumn(AgeCode(band), FigureColumn.Of(band)))];

    public static IReadOnlyList<CodedColumn> Gender { get; } =
        [.. Genders.Select(gender => new CodedColumn(GenderCode(gender), FigureColumn.Of(gender)))];

    public static CodedColumn Everybody { get; } = new("all", FigureColumn.All);

    public static IReadOnlyList<CohortTable> All { get; } =
    [
        new("serum-status-by-migraine", SerumStatus, [.. Migraine, Everybody]),
        new("deficiency-by-migraine", Deficiency, [.. Migraine, Everybody]),
        new("serum-status-by-age", SerumStatus, [.. Age, Everybody]),
        new("deficiency-by-age", Deficiency, [.. Age, Everybody]),
        new("serum-status-by-gender", SerumStatus, [.. Gender, Everybody]),
        new("deficiency-by-gender", Deficiency, [.. Gender, Everybody]),
    ];

    /// <summary><c>age-20-39</c>, <c>age-60-</c>, <c>age-unknown</c>.</summary>
    public static string AgeCode(AgeBand band) => band switch
    {
        AgeBand.Unknown => "age-unknown",
        AgeBand.From60 => $"age-{CohortDimensions.FirstYear(band)}-",
        _ => $"age-{CohortDimensions.FirstYear(band)}-{CohortDimensions.FirstYear(band + 1) - 1}",
    };

    /// <summary>FHIR's own code.</summary>
    public static string GenderCode(AdministrativeGender gender) => gender switch
    {
        AdministrativeGender.Female => "female",
        AdministrativeGender.Male => "male",
        AdministrativeGender.Other => "other",
        _ => "unknown",
    };
}
