using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Http;

/// <summary>
/// The innermost step to a storage that a server names for its files: https only (or this machine, when the server itself is there), and
/// redirects under the same condition.
/// </summary>
internal sealed class StorageHandler(FhirServerOptions options) : DelegatingHandler
{
    private const int MostRedirects = 5;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            RequireSafe(request.RequestUri!);
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!TransportHandler.IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            if (redirects == MostRedirects)
            {
                throw new FhirServerException(options.Name, ServerFault.Refused, $"its storage ({request.RequestUri!.Host}) redirects in a circle");
            }

            request.RequestUri = new(request.RequestUri!, location);
        }
    }

    private void RequireSafe(Uri url)
    {
        var isSafe = url.UserInfo.Length == 0 && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && options.BaseUrl.IsLoopback));
        if (!isSafe)
        {
            throw new FhirServerException(options.Name, ServerFault.Refused,
                $"it names a file at {url.GetLeftPart(UriPartial.Authority)}, which is not called: files elsewhere are fetched by https only");
        }
    }
}
