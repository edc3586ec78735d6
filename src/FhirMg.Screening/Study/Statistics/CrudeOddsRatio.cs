using MathNet.Numerics.Distributions;

namespace FhirMg.Screening.Study.Statistics;

/// <summary>The odds ratio of one table.</summary>
internal static class CrudeOddsRatio
{
    public const double Confidence = 0.95;

    /// <summary>Every expected count from here on: the normal approximation serves (Cochran's rule).</summary>
    public const double EnoughForNormal = 5;

    /// <summary>Every expected count from here on: mid-p limits serve; below, the exact ones.</summary>
    public const double EnoughForMidP = 1;

    public static double StandardNormalQuantile { get; } = Normal.InvCDF(0, 1, 1 - ((1 - Confidence) / 2));

    /// <summary>
    /// The odds ratio by the method that the smallest expected count asks for: from 5 Woolf's, from 1 conditional with mid-p limits, below 1 or with
    /// an empty cell conditional with exact limits.
    /// </summary>
    /// <returns>Null when a margin is empty: there is nothing to compare.</returns>
    public static OddsRatioEstimate? Of(in TwoByTwo table) => !table.IsInformative ? null
        : table.HasEmptyCell || table.SmallestExpected < EnoughForMidP ? Conditional(table, OddsRatioMethod.Exact)
        : table.SmallestExpected < EnoughForNormal ? Conditional(table, OddsRatioMethod.MidP)
        : Woolf(table);

    public static OddsRatioEstimate Woolf(in TwoByTwo table)
    {
        var value = (double)table.A / table.B / table.C * table.D;
        var width = StandardNormalQuantile * Math.Sqrt((1d / table.A) + (1d / table.B) + (1d / table.C) + (1d / table.D));
        return new(value, value * Math.Exp(-width), value * Math.Exp(width), OddsRatioMethod.Woolf);
    }

    public static OddsRatioEstimate Conditional(in TwoByTwo table, OddsRatioMethod method)
    {
        var distribution = new ConditionalDistribution(table);
        var share = method == OddsRatioMethod.MidP ? 1d / 2 : 1;
        return new(distribution.MaximumLikelihood(), distribution.LowerLimit(share), distribution.UpperLimit(share), method);
    }
}
