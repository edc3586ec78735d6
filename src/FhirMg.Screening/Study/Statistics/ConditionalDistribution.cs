using MathNet.Numerics.RootFinding;

namespace FhirMg.Screening.Study.Statistics;

/// <summary>
/// The distribution of the first cell of a 2×2 table when all margins are given: Fisher's noncentral hypergeometric distribution, whose parameter is the
/// odds ratio. Kept as logarithms, relative to the largest, so that no count is too large.
/// </summary>
internal sealed class ConditionalDistribution
{
    // Beyond it an odds ratio cannot be told from 0 or infinity.
    private const double FarthestLogOdds = 40;
    private const double Tolerance = 1e-12;
    private const int MostSteps = 200;

    private readonly long _first;
    private readonly int _observed;
    private readonly double[] _logWeights;

    public ConditionalDistribution(in TwoByTwo table)
    {
        _first = Math.Max(0, table.Outcome - table.Unexposed);
        var last = Math.Min(table.Exposed, table.Outcome);
        _observed = (int)(table.A - _first);
        _logWeights = new double[last - _first + 1];

        // Each weight from the one before: the ratio of neighbours needs no factorials.
        for (var i = 1; i < _logWeights.Length; i++)
        {
            double a = _first + i, b = table.Exposed - a, c = table.Outcome - a, d = table.NoOutcome - b;
            _logWeights[i] = _logWeights[i - 1] + Math.Log((b + 1) / a * ((c + 1) / d));
        }
    }

    private int Last => _logWeights.Length - 1;

    /// <summary>The odds ratio under which the observed count is the expected one; 0 or infinity at an end of the support.</summary>
    public double MaximumLikelihood() => _observed == 0 ? 0
        : _observed == Last ? double.PositiveInfinity
        : Solve(logOdds => Mean(logOdds) - _observed);

    /// <summary>The odds ratio under which the observed count and all above it, itself by <paramref name="share"/>, make 2.5 %.</summary>
    public double LowerLimit(double share) => _observed == 0 ? 0 : Solve(logOdds => Tail(logOdds, above: true, share) - Alpha);

    /// <summary>The odds ratio under which the observed count and all below it, itself by <paramref name="share"/>, make 2.5 %.</summary>
    public double UpperLimit(double share) => _observed == Last ? double.PositiveInfinity : Solve(logOdds => Alpha - Tail(logOdds, above: false, share));

    private static double Alpha => (1 - CrudeOddsRatio.Confidence) / 2;

    private static double Solve(Func<double, double> rising) => Math.Exp(Brent.FindRoot(rising, -FarthestLogOdds, FarthestLogOdds, Tolerance, MostSteps));

    private double Mean(double logOdds)
    {
        var peak = Peak(logOdds);
        double sum = 0, weighted = 0;
        for (var i = 0; i <= Last; i++)
        {
            var weight = Math.Exp(_logWeights[i] + (i * logOdds) - peak);
            sum += weight;
            weighted += i * weight;
        }

        return weighted / sum;
    }

    private double Tail(double logOdds, bool above, double share)
    {
        var peak = Peak(logOdds);
        double sum = 0, tail = 0;
        for (var i = 0; i <= Last; i++)
        {
            var weight = Math.Exp(_logWeights[i] + (i * logOdds) - peak);
            sum += weight;
            tail += i == _observed ? share * weight : i > _observed == above ? weight : 0;
        }

        return tail / sum;
    }

    private double Peak(double logOdds)
    {
        var peak = double.NegativeInfinity;
        for (var i = 0; i <= Last; i++)
        {
            peak = Math.Max(peak, _logWeights[i] + (i * logOdds));
        }

        return peak;
    }
}
