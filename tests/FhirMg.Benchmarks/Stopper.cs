using System.Diagnostics;

namespace FhirMg.Benchmarks;

/// <summary>Times work on a machine that does other work too: medians, and what is compared runs in turn.</summary>
internal static class Stopper
{
    /// <summary>Runs of everything that is measured.</summary>
    public const int Runs = 11;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan OneRun = TimeSpan.FromMilliseconds(120);

    /// <summary>Seconds that one call takes: the median, after a warm-up long enough for the last tier of compilation.</summary>
    public static double Seconds(Action work)
    {
        var calls = Calls(work);
        return Median([.. Enumerable.Range(0, Runs).Select(_ => Time(work, calls))]);
    }

    /// <summary>Both, in turn: the median of each, and the median of the quotients of neighbours.</summary>
    public static (double First, double Second, double Quotient) Compare(Action first, Action second)
    {
        var (firstCalls, secondCalls) = (Calls(first), Calls(second));
        var pairs = Enumerable.Range(0, Runs).Select(_ => (First: Time(first, firstCalls), Second: Time(second, secondCalls))).ToList();
        return (Median([.. pairs.Select(pair => pair.First)]), Median([.. pairs.Select(pair => pair.Second)]), Median([.. pairs.Select(pair => pair.First / pair.Second)]));
    }

    /// <summary>The middle one.</summary>
    public static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    private static int Calls(Action work)
    {
        var watch = Stopwatch.StartNew();
        var calls = 0;
        for (; watch.Elapsed < WarmUp || calls == 0; calls++)
        {
            work();
        }

        var quick = Stopwatch.StartNew();
        work();
        return (int)Math.Clamp(OneRun / quick.Elapsed, 1, 1_000_000);
    }

    private static double Time(Action work, int calls)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < calls; i++)
        {
            work();
        }

        return watch.Elapsed.TotalSeconds / calls;
    }
}
