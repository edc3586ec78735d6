using System.Text.Json;
using FhirMg.Fhir.Servers;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tokens;

/// <summary>Finds a server's token endpoint, once: SMART configuration, else the CapabilityStatement.</summary>
internal sealed class Discovery(FhirServerOptions options, AuthorizationCalls calls, ILogger logger)
{
    private AuthorizationServer? _known;

    /// <summary>The authorization server.</summary>
    /// <exception cref="TokenException">Neither place names one that can be used.</exception>
    public async Task<AuthorizationServer> FindAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known)
        {
            return known;
        }

        if (!Url.IsProtected(options.BaseUrl))
        {
            throw new TokenException($"{Url.Shown(options.BaseUrl)} is not https, so whoever is in between could name the token endpoint: configure an https BaseUrl");
        }

        var (server, isLasting) = await AskAsync(cancellationToken).ConfigureAwait(false);
        logger.Discovered(options.Name, server.TokenEndpoint.Host);
        return isLasting ? _known = server : server;
    }

    /// <summary>Asks again the next time: an endpoint that refuses may have moved.</summary>
    public void Forget() => _known = null;

    private async Task<(AuthorizationServer Server, bool IsLasting)> AskAsync(CancellationToken cancellationToken)
    {
        TokenException first;
        try
        {
            return (await ConfigurationAsync(cancellationToken).ConfigureAwait(false), true);
        }
        catch (TokenException e) when (e.Status is not null)
        {
            first = e;
        }

        try
        {
            // The statement says less, so it does not outlive a passing fault of the configuration.
            return (await CapabilityAsync(cancellationToken).ConfigureAwait(false), !first.IsTransient);
        }
        catch (TokenException second)
        {
            throw new TokenException($"no token endpoint: {first.Message}; {second.Message}; check BaseUrl, or whether the server offers SMART Backend Services", second)
            {
                Status = first.Status,
                IsTransient = first.IsTransient || second.IsTransient,
            };
        }
    }

    private Task<AuthorizationServer> ConfigurationAsync(CancellationToken cancellationToken) =>
        ReadAsync(".well-known/smart-configuration", "application/json", AuthorizationServer.OfConfiguration, cancellationToken);

    private Task<AuthorizationServer> CapabilityAsync(CancellationToken cancellationToken) =>
        ReadAsync("metadata", "application/fhir+json", AuthorizationServer.OfCapability, cancellationToken);

    private async Task<AuthorizationServer> ReadAsync(
        string path, string accept, Func<JsonElement, AuthorizationServer> read, CancellationToken cancellationToken)
    {
        var url = new Uri(options.Root, path);
        var answer = await calls.SendAsync(() => Get(url, accept), cancellationToken).ConfigureAwait(false);
        try
        {
            return read(answer);
        }
        catch (TokenException e)
        {
            throw new TokenException($"{Url.Shown(url)}: {e.Message}", e) { Status = 200 };
        }
    }

    private static HttpRequestMessage Get(Uri url, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.ParseAdd(accept);
        return request;
    }
}
