namespace FhirMg.Screening.Study.Statistics;

/// <summary>How an odds ratio and its interval were computed.</summary>
internal enum OddsRatioMethod
{
    /// <summary>Sample odds ratio with Woolf's interval (normal approximation of its logarithm).</summary>
    Woolf,

    /// <summary>Conditional maximum likelihood with mid-p limits.</summary>
    MidP,

    /// <summary>Conditional maximum likelihood with exact (Fisher, Clopper–Pearson) limits.</summary>
    Exact,

    /// <summary>Mantel–Haenszel over strata with the variance of Robins, Breslow and Greenland.</summary>
    MantelHaenszel,
}

/// <summary>An odds ratio with its 95 % confidence interval; 0 and infinity are possible values of each.</summary>
internal readonly record struct OddsRatioEstimate(double Value, double Low, double High, OddsRatioMethod Method);
