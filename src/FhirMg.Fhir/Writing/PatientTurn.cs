namespace FhirMg.Fhir.Writing;

/// <summary>One writer at a time for each patient of each server, in this process; between processes the server decides.</summary>
internal static class PatientTurn
{
    private static readonly Dictionary<string, Gate> Gates = new(StringComparer.Ordinal);
    private static readonly Lock Guard = new();

    /// <summary>Waits for the turn; disposing the result ends it.</summary>
    public static async Task<IDisposable> WaitAsync(string patient, CancellationToken cancellationToken)
    {
        Gate gate;
        lock (Guard)
        {
            gate = Gates.TryGetValue(patient, out var known) ? known : Gates[patient] = new(patient);
            gate.Users++;
        }

        try
        {
            await gate.Semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
            return gate;
        }
        catch
        {
            gate.Leave();
            throw;
        }
    }

    private sealed class Gate(string patient) : IDisposable
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }

        public void Dispose()
        {
            Semaphore.Release();
            Leave();
        }

        public void Leave()
        {
            lock (Guard)
            {
                if (--Users == 0)
                {
                    Gates.Remove(patient);
                    Semaphore.Dispose();
                }
            }
        }
    }
}
