using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Study;

/// <summary>Equal bins of serum magnesium; the last holds everything above.</summary>
internal static class SerumBins
{
    /// <summary>The number of bins with values.</summary>
    public const int Count = 101;

    /// <summary>The index of patients without a current value.</summary>
    public const int None = Count;

    private const int PerMmol = 50;

    /// <summary>Lower end of a bin in mmol/L; its upper end is the next one's.</summary>
    public static decimal Start(int bin) => (decimal)bin / PerMmol;

    /// <summary>The bin of a value; one known only as below or above a limit is counted at the limit, an interval at its middle.</summary>
    public static int Of(Interval? value)
    {
        if (value is not { } found)
        {
            return None;
        }

        var bin = (found.Low, found.High) switch
        {
            ({ } low, { } high) => Floor((low + high) / 2),
            ({ } low, null) => Floor(low),
            (null, { } high) => found.HighExcluded ? (int)decimal.Ceiling(decimal.Min(high, Start(Count)) * PerMmol) - 1 : Floor(high),
            _ => 0,
        };
        return Math.Clamp(bin, 0, Count - 1);
    }

    private static int Floor(decimal value) => (int)decimal.Floor(decimal.Clamp(value, 0, Start(Count)) * PerMmol);
}
