using System.Collections.Concurrent;

namespace FhirMg.Screening.Bulk;

/// <summary>One export after the other at each server: many servers allow no more, and all of them suffer from more.</summary>
internal sealed class ExportTurn : IDisposable
{
    private static readonly ConcurrentDictionary<(string Server, int Most), SemaphoreSlim> Turns = new();
    private readonly SemaphoreSlim _turn;

    private ExportTurn(SemaphoreSlim turn) => _turn = turn;

    public static async Task<ExportTurn> WaitAsync(ExportOptions options, CancellationToken cancellation)
    {
        var turn = Turns.GetOrAdd((options.Server.Options.BaseUrl.AbsoluteUri.TrimEnd('/'), options.MaxExports), key => new(key.Most));
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        return new(turn);
    }

    public void Dispose() => _turn.Release();
}
