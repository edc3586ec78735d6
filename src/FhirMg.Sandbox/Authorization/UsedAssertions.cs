using System.Collections.Concurrent;

namespace FhirMg.Sandbox.Authorization;

/// <summary>The client assertions that were used and have not expired.</summary>
internal sealed class UsedAssertions(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTime> _used = new(StringComparer.Ordinal);

    public bool TryUse(string id, DateTime expires)
    {
        var now = time.GetUtcNow().UtcDateTime.AddMinutes(-1);
        foreach (var (old, _) in _used.Where(pair => pair.Value < now))
        {
            _used.TryRemove(old, out _);
        }

        return _used.TryAdd(id, expires);
    }
}
