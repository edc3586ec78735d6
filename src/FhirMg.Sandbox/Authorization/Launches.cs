using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Launches from the EHR page, each under an opaque value that is good for a few minutes.</summary>
internal sealed class Launches(TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, (LaunchContext Context, DateTimeOffset Until)> _open = new(StringComparer.Ordinal);

    public string Open(LaunchContext context)
    {
        foreach (var (old, _) in _open.Where(pair => pair.Value.Until < time.GetUtcNow()))
        {
            _open.TryRemove(old, out _);
        }

        var value = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _open[value] = (context, time.GetUtcNow() + Life);
        return value;
    }

    /// <summary>The context of a launch; null when there is none, or it is over.</summary>
    public LaunchContext? Find(string value) => _open.TryGetValue(value, out var found) && found.Until >= time.GetUtcNow() ? found.Context : null;
}
