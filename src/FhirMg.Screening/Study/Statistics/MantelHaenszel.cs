using MathNet.Numerics.Distributions;

namespace FhirMg.Screening.Study.Statistics;

/// <summary>A test whether the odds ratio is the same in all strata.</summary>
/// <param name="ChiSquared">The statistic of Breslow and Day.</param>
/// <param name="DegreesOfFreedom">Informative strata less one.</param>
/// <param name="PValue">Probability of a statistic as large if the odds ratio were the same.</param>
internal readonly record struct Heterogeneity(double ChiSquared, int DegreesOfFreedom, double PValue);

/// <summary>An odds ratio common to several strata.</summary>
internal static class MantelHaenszel
{
    /// <summary>The Mantel–Haenszel odds ratio with the interval of Robins, Breslow and Greenland (1986).</summary>
    /// <returns>Null when no stratum says anything of it, or all pairs of cells on one diagonal are empty.</returns>
    public static OddsRatioEstimate? Of(IEnumerable<TwoByTwo> strata)
    {
        double sumR = 0, sumS = 0, sumPR = 0, sumPSQR = 0, sumQS = 0;
        foreach (var table in strata.Where(table => table.IsInformative))
        {
            double total = table.Total;
            var (r, s) = (table.A * (table.D / total), table.B * (table.C / total));
            var (p, q) = ((table.A + table.D) / total, (table.B + table.C) / total);
            sumR += r;
            sumS += s;
            sumPR += p * r;
            sumPSQR += (p * s) + (q * r);
            sumQS += q * s;
        }

        if (sumR <= 0 || sumS <= 0)
        {
            return null;
        }

        var value = sumR / sumS;
        var variance = (sumPR / (2 * sumR * sumR)) + (sumPSQR / (2 * sumR * sumS)) + (sumQS / (2 * sumS * sumS));
        var width = CrudeOddsRatio.StandardNormalQuantile * Math.Sqrt(variance);
        return new(value, value * Math.Exp(-width), value * Math.Exp(width), OddsRatioMethod.MantelHaenszel);
    }

    /// <summary>The test of Breslow and Day (1980), without Tarone's correction.</summary>
    /// <returns>Null with fewer than two informative strata, or where an expected count is zero.</returns>
    public static Heterogeneity? Test(IEnumerable<TwoByTwo> strata, double oddsRatio)
    {
        double statistic = 0;
        var count = 0;
        foreach (var table in strata.Where(table => table.IsInformative))
        {
            var expected = Expected(table, oddsRatio);
            var variance = 1 / ((1 / expected) + (1 / (table.Exposed - expected)) + (1 / (table.Outcome - expected)) + (1 / (table.Unexposed - table.Outcome + expected)));
            statistic += (table.A - expected) * (table.A - expected) / variance;
            count++;
        }

        return count < 2 || !double.IsFinite(statistic) ? null : new(statistic, count - 1, 1 - ChiSquared.CDF(count - 1, statistic));
    }

    // The first cell that, beside the margins, gives the odds ratio: the root of a quadratic that lies within the margins.
    private static double Expected(in TwoByTwo table, double oddsRatio)
    {
        double exposed = table.Exposed, outcome = table.Outcome;
        var square = 1 - oddsRatio;
        var linear = table.Unexposed - outcome + (oddsRatio * (exposed + outcome));
        var constant = -oddsRatio * exposed * outcome;

        // The form that does not cancel, and also serves when the square vanishes.
        return -2 * constant / (linear + Math.Sqrt((linear * linear) - (2 * 2 * square * constant)));
    }
}
