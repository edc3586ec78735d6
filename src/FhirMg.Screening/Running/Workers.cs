using System.Runtime.ExceptionServices;

namespace FhirMg.Screening.Running;

/// <summary>Threads that do the same work beside each other; the caller's is the first of them.</summary>
internal static class Workers
{
    /// <summary>Runs until all of them have done.</summary>
    /// <param name="threads">How many.</param>
    /// <param name="work">Is given the number of its thread, from 0, and what says whether to end early: one failed, or all are to stop.</param>
    /// <param name="cancellation">Stops them.</param>
    /// <exception cref="OperationCanceledException">They were stopped, and none failed.</exception>
    /// <exception cref="Exception">What failed first on any of them.</exception>
    public static void Run(int threads, Action<int, Func<bool>> work, CancellationToken cancellation)
    {
        Exception? failure = null;
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(worker => new Thread(() => Guarded(worker)) { IsBackground = true, Name = $"screening {worker}" })];
        Array.ForEach(others, thread => thread.Start());
        Guarded(0);
        Array.ForEach(others, thread => thread.Join());
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        cancellation.ThrowIfCancellationRequested();

        bool MustEnd() => cancellation.IsCancellationRequested || Volatile.Read(ref failure) is not null;

        void Guarded(int worker)
        {
            try
            {
                work(worker, MustEnd);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Said once all have come to a stop.
            }
#pragma warning disable CA1031 // What fails on a worker's thread is thrown on the caller's.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }
    }
}
