using System.Threading.RateLimiting;
using FhirMg.Service.Api;
using FhirMg.Service.Configuration;
using FhirMg.Service.Errors;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Hosting;

/// <summary>
/// How much a client may ask whose token is checked: behind one gateway several share an address. What was refused counts for the address all the same, and an
/// address with too much of that is turned away before any token is looked at.
/// </summary>
internal sealed class ClientLimit(IOptions<ServiceOptions> options) : IDisposable
{
    /// <summary>Metadata of an endpoint that checks tokens itself, and then counts by them.</summary>
    public static readonly object CountsItself = new Mark();
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly int _perSecond = options.Value.Limits.RequestsPerSecond;
    private readonly PartitionedRateLimiter<string> _buckets = Limits.Buckets<string>(key => key, options.Value.Limits.RequestsPerSecond);

    /// <summary>Counts a request of a client.</summary>
    /// <exception cref="RequestException">It has asked too much: 429.</exception>
    public void Count(string client)
    {
        if (!TryAcquire($"client {client}", 1))
        {
            throw TooMany();
        }
    }

    /// <summary>Turns away, before its token is looked at, who has shown too many that were refused.</summary>
    public Task GuardAsync(HttpContext context, RequestDelegate next) =>
        context.Request.Headers.Authorization.Count == 0 || context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null ? next(context) : GuardTokenAsync(context, next);

    /// <summary>Counts a request by its client where a token was checked, and by its address where one was shown that nobody asked for.</summary>
    public Task CountAsync(HttpContext context, RequestDelegate next)
    {
        if (ApiAuthorization.ClientOf(context) is { } client)
        {
            Count(client);
        }
        else if (context.Request.Headers.Authorization.Count > 0 && context.GetEndpoint()?.Metadata is { } metadata
            && metadata.GetMetadata<Mark>() is null && metadata.GetMetadata<DisableRateLimitingAttribute>() is null
            && !TryAcquire($"address {Limits.AddressOf(context)}", 1))
        {
            throw TooMany();
        }

        return next(context);
    }

    /// <inheritdoc/>
    public void Dispose() => _buckets.Dispose();

    private async Task GuardTokenAsync(HttpContext context, RequestDelegate next)
    {
        var refused = $"refused {Limits.AddressOf(context)}";
        if (!TryAcquire(refused, 0))
        {
            throw TooMany();
        }

        try
        {
            await next(context);
        }
        catch (RequestException e) when (e.Status == StatusCodes.Status401Unauthorized)
        {
            TryAcquire(refused, 1);
            throw;
        }

        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            TryAcquire(refused, 1);
        }
    }

    private bool TryAcquire(string key, int permits)
    {
        if (_perSecond == 0)
        {
            return true;
        }

        using var lease = _buckets.AttemptAcquire(key, permits);
        return lease.IsAcquired;
    }

    private sealed class Mark;

    private static RequestException TooMany() =>
        new(StatusCodes.Status429TooManyRequests, "throttled", ErrorAnswer.Of(StatusCodes.Status429TooManyRequests).Text) { RetryAfter = Second };
}
