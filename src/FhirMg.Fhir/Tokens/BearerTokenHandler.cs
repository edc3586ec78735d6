using System.Net;
using System.Net.Http.Headers;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Tokens;

/// <summary>Adds the server's token to requests below its base, to no others; when the token is not taken, sends once more with a new one.</summary>
internal sealed class BearerTokenHandler(FhirServerOptions options, BackendServicesTokens tokens) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A token that the caller brings, such as a launched user's, stands.
        if (request.RequestUri is not { } url || !options.Owns(url) || request.Headers.Authorization is not null
            || (request.Options.TryGetValue(FileRequest.Anonymous, out var anonymous) && anonymous))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var token = await AddTokenAsync(request, cancellationToken).ConfigureAwait(false);
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
            {
                return response;
            }

            tokens.Invalidate(token);
            if (!CanRepeat(request.Content))
            {
                return response;
            }

            response.Dispose();
            await AddTokenAsync(request, cancellationToken).ConfigureAwait(false);
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A retry further out sends the same message again, and gets the token of its own time.
            request.Headers.Authorization = null;
        }
    }

    private static bool CanRepeat(HttpContent? content) => content is null or ByteArrayContent or ReadOnlyMemoryContent;

    private async Task<AccessToken> AddTokenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return token;
    }
}
