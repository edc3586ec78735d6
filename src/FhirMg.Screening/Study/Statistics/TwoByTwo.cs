namespace FhirMg.Screening.Study.Statistics;

/// <summary>Counts of an exposure and an outcome.</summary>
/// <param name="A">Exposed, with the outcome.</param>
/// <param name="B">Exposed, without the outcome.</param>
/// <param name="C">Not exposed, with the outcome.</param>
/// <param name="D">Not exposed, without the outcome.</param>
internal readonly record struct TwoByTwo(long A, long B, long C, long D)
{
    public long Total => A + B + C + D;

    public long Exposed => A + B;

    public long Unexposed => C + D;

    public long Outcome => A + C;

    public long NoOutcome => B + D;

    public bool HasEmptyCell => A == 0 || B == 0 || C == 0 || D == 0;

    /// <summary>Whether some cell can vary while the margins stand: else the table says nothing of an odds ratio.</summary>
    public bool IsInformative => Exposed > 0 && Unexposed > 0 && Outcome > 0 && NoOutcome > 0;

    /// <summary>The smallest count to be expected if exposure and outcome were independent.</summary>
    public double SmallestExpected => (double)Math.Min(Exposed, Unexposed) * Math.Min(Outcome, NoOutcome) / Total;

    public static TwoByTwo operator +(TwoByTwo left, TwoByTwo right) => Add(left, right);

    public static TwoByTwo Add(TwoByTwo left, TwoByTwo right) => new(left.A + right.A, left.B + right.B, left.C + right.C, left.D + right.D);
}
