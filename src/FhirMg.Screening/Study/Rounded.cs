namespace FhirMg.Screening.Study;

/// <summary>Estimates as they are published: more digits would say more of the tables behind them than of the estimate.</summary>
internal static class Rounded
{
    private const int Digits = 4;

    /// <summary>Four significant digits.</summary>
    public static double Of(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value;
        }

        var scale = Math.Pow(10, Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))));
        return double.IsFinite(scale) ? Math.Round(value * scale) / scale : value;
    }
}
