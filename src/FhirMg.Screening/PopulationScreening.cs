using FhirMg.Screening.Running;

namespace FhirMg.Screening;

/// <summary>Screens a population: NDJSON in any order over any number of files in, results out.</summary>
public static class PopulationScreening
{
    /// <summary>Reads the inputs, evaluates every patient, and publishes the results once all are whole.</summary>
    /// <param name="options">What, how and where to.</param>
    /// <param name="sinks">Makes the sinks beside the engine's own (reports, proposals, set-aside); they write into the folder given.</param>
    /// <param name="progress">Is told how far the run has come, a few times a second and from several threads; may be null.</param>
    /// <param name="cancellation">Stops the run cleanly: what was read is kept for <see cref="ScreeningOptions.Resume"/>.</param>
    /// <exception cref="ScreeningException">Nothing can be screened, or the results cannot be written; the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static Task<ScreeningOutcome> RunAsync(
        ScreeningOptions options, Func<ResultFolder, IReadOnlyList<IResultSink>> sinks, IProgress<ScreeningProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sinks);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        return Task.Run(() => RunToItsEnd(options, sinks, progress, cancellation), cancellation);
    }

    private static ScreeningOutcome RunToItsEnd(
        ScreeningOptions options, Func<ResultFolder, IReadOnlyList<IResultSink>> sinks, IProgress<ScreeningProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            using var run = new Run(options, progress);
            return run.ToItsEnd(sinks, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScreeningException($"{options.OutDirectory}: the results cannot be written: {e.Message.TrimEnd('.')}. "
                + "Check that the directory can be written, has room, and that no other run uses it; with --resume the run goes on where it was last safe", e);
        }
    }
}
