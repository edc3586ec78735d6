using System.Threading.RateLimiting;
using FhirMg.Service.Configuration;
using FhirMg.Service.Errors;

namespace FhirMg.Service.Hosting;

/// <summary>What one caller may ask, and what is still finished when the service stops.</summary>
internal static class Limits
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Adds the limits of size and rate, and the grace at shutdown.</summary>
    public static void AddLimits(this WebApplicationBuilder builder, LimitOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.RequestBytes;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Shutdown);
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.OnRejected = async (context, _) =>
            {
                var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Second;
                await (ErrorAnswer.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait }).ExecuteAsync(context.HttpContext);
            };
            if (options.RequestsPerSecond > 0)
            {
                // Whoever shows a token counts by that, when it is checked.
                limiter.GlobalLimiter = Buckets<HttpContext>(context => context.Request.Headers.Authorization.Count == 0 ? AddressOf(context) : null, options.RequestsPerSecond);
            }
        });
        builder.Services.AddSingleton<ClientLimit>();
    }

    /// <summary>The address that a request came from.</summary>
    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    /// <summary>A bucket for each key; what has none is not limited.</summary>
    public static PartitionedRateLimiter<T> Buckets<T>(Func<T, string?> keyOf, int perSecond)
    {
        Func<string, RateLimiter> bucket = _ => Bucket(perSecond);
        return PartitionedRateLimiter.Create<T, string>(of => keyOf(of) is { } key ? new(key, bucket) : RateLimitPartition.GetNoLimiter(""));
    }

    // All buckets are filled by one timer.
    private static TokenBucketRateLimiter Bucket(int perSecond) =>
        new(new() { TokenLimit = 2 * perSecond, TokensPerPeriod = perSecond, ReplenishmentPeriod = Second, AutoReplenishment = false });
}
