using System.Runtime.CompilerServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>A measured value as the interval that it says the quantity lies in (rule IN-3).</summary>
/// <param name="Low">Lower end; null when open downwards without a bound.</param>
/// <param name="LowExcluded">Whether the lower end itself is outside.</param>
/// <param name="High">Upper end; null when unbounded.</param>
/// <param name="HighExcluded">Whether the upper end itself is outside.</param>
public readonly record struct Interval(decimal? Low, bool LowExcluded, decimal? High, bool HighExcluded)
{
    /// <summary>The interval of a single value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval Point(decimal value) => new(value, false, value, false);

    /// <summary>From <paramref name="low"/> to <paramref name="high"/>, both included where given.</summary>
    public static Interval Closed(decimal? low, decimal? high) => new(low, false, high, false);

    /// <summary>From <paramref name="low"/>, included, to <paramref name="high"/>, excluded, where given.</summary>
    public static Interval HalfOpen(decimal? low, decimal? high) => new(low, false, high, high is not null);

    /// <summary>Whether this is one value.</summary>
    public bool IsPoint => Low is { } low && High is { } high && low == high;

    /// <summary>Whether nothing lies in the interval.</summary>
    public bool IsEmpty => Low is { } low && High is { } high && (low > high || (low == high && (LowExcluded || HighExcluded)));

    /// <summary>Whether the two intervals share a value.</summary>
    public bool Touches(in Interval other) => StartsNotAfterEndOf(other) && other.StartsNotAfterEndOf(this);

    /// <summary>Whether every value of this interval lies in the other.</summary>
    public bool Within(in Interval other) =>
        (other.Low is not { } low || (Low is { } ownLow && (ownLow > low || (ownLow == low && (LowExcluded || !other.LowExcluded)))))
        && (other.High is not { } high || (High is { } ownHigh && (ownHigh < high || (ownHigh == high && (HighExcluded || !other.HighExcluded)))));

    /// <summary>Whether every value lies below the other interval.</summary>
    public bool WhollyBelow(in Interval other) => !other.StartsNotAfterEndOf(this);

    /// <summary>Whether every value lies above the other interval.</summary>
    public bool WhollyAbove(in Interval other) => !StartsNotAfterEndOf(other);

    /// <summary>The interval with both ends divided by a positive number.</summary>
    public Interval DividedBy(decimal divisor) => this with { Low = Low / divisor, High = High / divisor };

    private bool StartsNotAfterEndOf(in Interval other) =>
        Low is not { } low || other.High is not { } high || low < high || (low == high && !LowExcluded && !other.HighExcluded);
}
