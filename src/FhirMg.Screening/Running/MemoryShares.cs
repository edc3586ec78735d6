namespace FhirMg.Screening.Running;

/// <summary>How the memory that a run may take is shared out, in bytes.</summary>
/// <param name="Facts">Of facts, while the input is read.</param>
/// <param name="Worklist">Of rows of the worklist, while patients are evaluated.</param>
/// <param name="Versions">Of what is known of resources that stand in the input more than once.</param>
internal readonly record struct MemoryShares(long Facts, long Worklist, long Versions)
{
    private const long Least = 16_000_000;

    /// <summary>The shares of a run. Where all facts stay in memory, the others come beside them; what remains is for patients that are put together.</summary>
    public static MemoryShares Of(ScreeningOptions options)
    {
        var most = options.MaxMemory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        var rest = Math.Max(Least, most - ScreeningOptions.LeastMemory(options.Threads));
        return new(Math.Max(Least, rest / 2), rest / 4, rest / 8);
    }
}
