using FhirMg.Screening.Study.Statistics;

namespace FhirMg.Screening.Study;

/// <summary>Estimates as they are published: more digits would say more of the tables behind them than of the estimate.</summary>
internal static class Rounded
{
    private const int Digits = 4;
    private const int DigitsForPeople = 3;
    private const int DigitsOfHiddenTables = 2;

    /// <summary>Four significant digits.</summary>
    public static double Of(double value) => To(value, Digits);

    /// <summary>Three significant digits.</summary>
    public static double ForPeople(double value) => To(value, DigitsForPeople);

    /// <summary>Two significant digits: an estimate from tables that are not shown, where small counts are hidden.</summary>
    public static OddsRatioEstimate FromHiddenTables(OddsRatioEstimate estimate) => estimate with
    {
        Value = To(estimate.Value, DigitsOfHiddenTables),
        Low = To(estimate.Low, DigitsOfHiddenTables),
        High = To(estimate.High, DigitsOfHiddenTables),
    };

    private static double To(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value;
        }

        var scale = Math.Pow(10, digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))));
        return double.IsFinite(scale) ? Math.Round(value * scale) / scale : value;
    }
}
