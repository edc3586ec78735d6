using FhirMg.Service.Configuration;
using FhirMg.Service.Tenants;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Hooks.Callers;

/// <summary>Finds out who calls: by a token of a configured client, or, where a tenant allows it for testing, by nothing.</summary>
internal sealed class CallerAuthentication(TenantRegistry tenants, IHttpClientFactory clients, TokenReplay replay, SharedKeySets shared, TimeProvider clock) : IDisposable
{
    private const string Scheme = "Bearer ";
    private const int LongestToken = 16 * 1024;

    // What is left of the time, to say so.
    private static readonly TimeSpan ForAnswering = TimeSpan.FromMilliseconds(100);
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken };
    private readonly Dictionary<string, KeySource> _keys = tenants.All.SelectMany(tenant => tenant.Settings.CdsClients).DistinctBy(SourceOf, StringComparer.Ordinal)
        .ToDictionary(SourceOf, client => new KeySource(client, clients, shared, clock), StringComparer.Ordinal);

    private readonly Caller _anybody = new(null, [.. tenants.All.Where(tenant => tenant.Settings.AllowUnauthenticatedCds)]);

    /// <summary>Who calls, or why it is not let in.</summary>
    /// <param name="authorization">The Authorization header as given.</param>
    /// <param name="serviceUrls">The urls that a token may be signed for, as others see them, the one called last.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async ValueTask<(Caller? Caller, Refusal? Refusal)> AuthenticateAsync(string? authorization, string[] serviceUrls, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(authorization))
        {
            return _anybody.Tenants.Count > 0 ? (_anybody, null) : (null, Refusal.Unauthorized("send a JWT as bearer token"));
        }

        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || Parse(authorization[Scheme.Length..].Trim()) is not { } token)
        {
            return (null, Refusal.Unauthorized("the Authorization header holds no JWT as bearer token"));
        }

        if (TokenCheck.Form(token) is { } malformed)
        {
            return (null, Refusal.Unauthorized(malformed));
        }

        var of = tenants.FindByCdsIssuer(token.Issuer).ToList();
        if (of.Count == 0)
        {
            return (null, Refusal.Unauthorized("iss is no client of this service"));
        }

        // Keys and used tokens are looked up elsewhere: the caller's time must not end meanwhile.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = of.Min(tenant => tenant.Options.Deadline) - ForAnswering;
        deadline.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        try
        {
            return await CheckAsync(token, of, serviceUrls, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new(StatusCodes.Status503ServiceUnavailable, "the token could not be checked in time: try again"));
        }
    }

    private async ValueTask<(Caller? Caller, Refusal? Refusal)> CheckAsync(JsonWebToken token, List<Tenant> of, string[] serviceUrls, CancellationToken cancellationToken)
    {
        string? problem = null;
        var accepted = new List<Tenant>();
        var signatures = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var tenant in of)
        {
            var client = tenant.Settings.CdsClients.First(client => client.Issuer == token.Issuer);
            if (TokenCheck.Content(token, client, serviceUrls, clock.GetUtcNow()) is { } wrong)
            {
                problem = wrong;
                continue;
            }

            if (!signatures.TryGetValue(SourceOf(client), out var forged))
            {
                signatures[SourceOf(client)] = forged = await CheckSignatureAsync(token, client, serviceUrls, cancellationToken);
            }

            problem = forged ?? problem;
            if (forged is null)
            {
                accepted.Add(tenant);
            }
        }

        if (accepted.Count == 0)
        {
            return (null, Refusal.Unauthorized(problem!));
        }

        // Last, so that only tokens that would be let in are remembered.
        return await replay.UseAsync(token.Issuer, token.Id, token.ValidTo + TokenCheck.Skew, cancellationToken) switch
        {
            true => (new(token.Issuer, accepted), null),
            false => (null, Refusal.Unauthorized("jti was used before")),
            null => (null, new(StatusCodes.Status503ServiceUnavailable, "whether the token was used before cannot be told just now: try again")),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var source in _keys.Values)
        {
            source.Dispose();
        }
    }

    private static string SourceOf(CdsClientSettings client) => client.JwksUri?.AbsoluteUri ?? client.JwksPath ?? "";

    private static JsonWebToken? Parse(string text)
    {
        try
        {
            return text.Length is 0 or > LongestToken ? null : new(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or SecurityTokenException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private async Task<string?> CheckSignatureAsync(JsonWebToken token, CdsClientSettings client, string[] serviceUrls, CancellationToken cancellationToken)
    {
        if (await _keys[SourceOf(client)].FindAsync(token.Kid, cancellationToken) is not { } key)
        {
            return "kid is none of the client's keys";
        }

        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = TokenCheck.Algorithms,
            RequireSignedTokens = true,

            // By our clock and by the client's settings.
            LifetimeValidator = (_, _, _, _) => TokenCheck.Lifetime(token, client, clock.GetUtcNow()) is null,
            AudienceValidator = (_, _, _) => TokenCheck.Audience(token, client, serviceUrls) is null,
            ValidIssuer = client.Issuer,
        });
        return result.IsValid ? null : "the signature does not fit";
    }
}
