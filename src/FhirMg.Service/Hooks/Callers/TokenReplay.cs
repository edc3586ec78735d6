using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;

namespace FhirMg.Service.Hooks.Callers;

/// <summary>
/// Remembers which tokens were used. What this process has seen it refuses at once; whether another has seen it the store decides by an insert that
/// only one can win. The inserts of calls that wait at the same time are one statement.
/// </summary>
internal sealed partial class TokenReplay(IDbContextFactory<ServiceStore> stores, TimeProvider clock, ILogger<TokenReplay> logger) : BackgroundService
{
    private const int MostAtOnce = 200;
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(1);

    // A caller waits for its answer meanwhile, and a client for the caller's.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // By half of the digest, which is as good as the whole. They are many and live for minutes: as objects they would all reach the oldest generation
    // and wait there, while this takes the places of expired ones again. Locked for access.
    private readonly Dictionary<UInt128, DateTimeOffset> _seen = [];
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private DateTimeOffset _swept;

    /// <summary>Uses a token.</summary>
    /// <returns>Whether it is its first use; null when that cannot be told, or not in time.</returns>
    public async ValueTask<bool?> UseAsync(string issuer, string tokenId, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{tokenId}"));
        var key = BinaryPrimitives.ReadUInt128BigEndian(digest);
        lock (_seen)
        {
            if (!_seen.TryAdd(key, expires))
            {
                return false;
            }
        }

        var waiting = new Waiting(Convert.ToHexStringLower(digest), key, expires);
        if (!_waiting.Writer.TryWrite(waiting))
        {
            Forget(key);
            return null;
        }

        try
        {
            return await waiting.Answer.Task.WaitAsync(Patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The token is not let in a second time: the store may yet keep it.
            return null;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>(MostAtOnce);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var waiting))
                {
                    batch.Add(waiting);
                }

                await DecideAsync(batch);
            }
        }
        catch (OperationCanceledException)
        {
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var waiting))
            {
                waiting.Answer.TrySetResult(null);
            }
        }
    }

    private async Task DecideAsync(List<Waiting> batch)
    {
        try
        {
            await using var store = await stores.CreateDbContextAsync();
            await store.Database.OpenConnectionAsync();
            await SweepAsync(store);
            var fresh = await InsertAsync(store, batch);
            foreach (var waiting in batch)
            {
                waiting.Answer.TrySetResult(fresh.Contains(waiting.Id));
            }
        }
        catch (Exception e) when (StoreFaults.IsOfStoreWork(e))
        {
            StoreUnavailable(logger, e.GetType().Name);
            foreach (var waiting in batch)
            {
                Forget(waiting.Key);
                waiting.Answer.TrySetResult(null);
            }
        }
    }

    private static async Task<HashSet<string>> InsertAsync(ServiceStore store, List<Waiting> batch)
    {
        var type = store.Model.FindEntityType(typeof(UsedToken))!;
        var (id, expires) = (type.FindProperty(nameof(UsedToken.Id))!.GetRelationalTypeMapping(), type.FindProperty(nameof(UsedToken.ExpiresAt))!.GetRelationalTypeMapping());
        var command = store.Database.GetDbConnection().CreateCommand();
        await using (command)
        {
            var text = new StringBuilder($"INSERT INTO \"{UsedTokenTable.Table}\" (\"Id\", \"ExpiresAt\") VALUES ");
            for (var i = 0; i < batch.Count; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}(@id{i}, @expires{i})");
                command.Parameters.Add(id.CreateParameter(command, $"@id{i}", batch[i].Id));
                command.Parameters.Add(expires.CreateParameter(command, $"@expires{i}", batch[i].ExpiresAt));
            }

            command.CommandText = text.Append(" ON CONFLICT DO NOTHING RETURNING \"Id\"").ToString();
            var fresh = new HashSet<string>(StringComparer.Ordinal);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                fresh.Add(reader.GetString(0));
            }

            return fresh;
        }
    }

    // What has expired is refused for that: it need not be remembered.
    private async Task SweepAsync(ServiceStore store)
    {
        var now = clock.GetUtcNow();
        if (now - _swept < BetweenSweeps)
        {
            return;
        }

        _swept = now;
        lock (_seen)
        {
            foreach (var (key, expires) in _seen)
            {
                if (expires < now)
                {
                    _seen.Remove(key);
                }
            }
        }

        await store.Set<UsedToken>().Where(token => token.ExpiresAt < now).ExecuteDeleteAsync();
    }

    private void Forget(UInt128 key)
    {
        lock (_seen)
        {
            _seen.Remove(key);
        }
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Error, Message = "Used tokens cannot be kept ({Fault}): calls with tokens are answered 503 until the store is back")]
    private static partial void StoreUnavailable(ILogger logger, string fault);

    private sealed record Waiting(string Id, UInt128 Key, DateTimeOffset ExpiresAt)
    {
        public TaskCompletionSource<bool?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
