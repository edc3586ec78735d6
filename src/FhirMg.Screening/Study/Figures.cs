using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Study;

/// <summary>A row of the tables: all patients, a serum status, a class of deficiency, or a side of the limit.</summary>
internal readonly record struct FigureRow(int Index)
{
    private const int FirstDeficiency = 1 + CohortDimensions.Statuses;
    private const int FirstLevel = FirstDeficiency + CohortDimensions.Deficiencies;

    public const int Count = FirstLevel + 2;

    public static FigureRow All => new(0);

    public static FigureRow Low => new(FirstLevel);

    public static FigureRow NotLow => new(FirstLevel + 1);

    public bool IsLevel => Index >= FirstLevel;

    public static FigureRow Of(SerumStatus status) => new(1 + (int)status);

    public static FigureRow Of(Deficiency deficiency) => new(FirstDeficiency + (int)deficiency);
}

/// <summary>A column of the tables: all patients, a form of migraine, any migraine, an age band, or a gender.</summary>
internal readonly record struct FigureColumn(int Index)
{
    private const int FirstForm = 1;
    private const int FirstAge = FirstForm + CohortDimensions.Forms + 1;
    private const int FirstGender = FirstAge + CohortDimensions.Ages;

    public const int Count = FirstGender + CohortDimensions.Genders;

    public static FigureColumn All => new(0);

    public static FigureColumn AnyMigraine => new(FirstForm + CohortDimensions.Forms);

    public static FigureColumn Of(MigraineForm form) => new(FirstForm + (int)form);

    public static FigureColumn Of(AgeBand age) => new(FirstAge + (int)age);

    public static FigureColumn Of(AdministrativeGender gender) => new(FirstGender + (int)gender);
}

/// <summary>Every count that the study publishes, by row and column. Rates are made of these counts alone.</summary>
internal static class Figures
{
    /// <summary>Counts that there may be.</summary>
    public const int Counts = FigureRow.Count * FigureColumn.Count;

    /// <summary>The stratified odds ratio, which rests on tables that are not published.</summary>
    public const int Stratified = Counts;

    /// <summary>The distribution of values with migraine.</summary>
    public const int DistributionWith = Counts + 1;

    /// <summary>The distribution of values without migraine.</summary>
    public const int DistributionWithout = Counts + 2;

    /// <summary>The test whether strata differ; it rests on those tables too.</summary>
    public const int Heterogeneity = Counts + 3;

    public const int All = Counts + 4;

    /// <summary>The most counts that one patient is part of.</summary>
    public const int MostOfOnePatient = 20;

    public static int Id(FigureRow row, FigureColumn column) => (row.Index * FigureColumn.Count) + column.Index;

    public static bool IsTotal(int id) => id < FigureColumn.Count || id % FigureColumn.Count == 0;

    public static bool IsLevel(int id) => new FigureRow(id / FigureColumn.Count).IsLevel;

    /// <summary>The counts that a patient is part of.</summary>
    /// <returns>How many of <paramref name="ids"/> were filled.</returns>
    public static int Of(in PatientType type, Span<int> ids)
    {
        var filled = 0;
        Span<FigureColumn> columns = [FigureColumn.All, FigureColumn.Of(type.Form), FigureColumn.Of(type.Age), FigureColumn.Of(type.Gender), FigureColumn.AnyMigraine];
        columns = type.HasMigraine ? columns : columns[..^1];
        Span<FigureRow> rows = [FigureRow.All, FigureRow.Of(type.Laboratory.Status), FigureRow.Of(type.Laboratory.Deficiency)];
        foreach (var row in rows)
        {
            foreach (var column in columns)
            {
                ids[filled++] = Id(row, column);
            }
        }

        if (type.Laboratory.Level != SerumLevel.Undetermined)
        {
            ids[filled++] = Id(
                type.Laboratory.Level == SerumLevel.Low ? FigureRow.Low : FigureRow.NotLow,
                type.HasMigraine ? FigureColumn.AnyMigraine : FigureColumn.Of(MigraineForm.None));
        }

        return filled;
    }
}
