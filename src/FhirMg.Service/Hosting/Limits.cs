using System.Threading.RateLimiting;
using FhirMg.Service.Api;
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
                Func<string, RateLimiter> bucket = _ => Bucket(options.RequestsPerSecond);
                limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => new(ClientOf(context), bucket));
            }
        });
    }

    // By token where one was checked, else by address: behind one gateway several clients share an address.
    private static string ClientOf(HttpContext context) => ApiAuthorization.ClientOf(context) ?? context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    // All buckets are filled by one timer.
    private static TokenBucketRateLimiter Bucket(int perSecond) =>
        new(new() { TokenLimit = 2 * perSecond, TokensPerPeriod = perSecond, ReplenishmentPeriod = Second, AutoReplenishment = false });
}
