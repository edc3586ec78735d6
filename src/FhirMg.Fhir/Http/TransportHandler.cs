using System.Net;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Http;

/// <summary>
/// The innermost step of a call: refuses what is not the server's own, follows redirects only within it, and reads the whole body, so
/// that a connection lost in mid-body is a failed attempt and not a short answer.
/// </summary>
/// <param name="options">The server.</param>
/// <param name="streams">For files too large to be read whole: the body stays in the network, and a redirect that leaves the server is the caller's.</param>
internal sealed class TransportHandler(FhirServerOptions options, bool streams = false) : DelegatingHandler
{
    private const int MostRedirects = 5;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            RequireOwn(request.RequestUri!);
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location || !IsReading(request))
            {
                return streams ? response : await Buffer(response, cancellationToken).ConfigureAwait(false);
            }

            if (streams && !options.Owns(new(request.RequestUri!, location)))
            {
                return response;
            }

            response.Dispose();
            if (redirects == MostRedirects)
            {
                throw new FhirServerException(options.Name, ServerFault.Refused, "it redirects in a circle");
            }

            request.RequestUri = new(request.RequestUri!, location);
        }
    }

    private static bool IsReading(HttpRequestMessage request) => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;

    internal static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private void RequireOwn(Uri url)
    {
        if (!options.Owns(url))
        {
            throw new FhirServerException(options.Name, ServerFault.Refused,
                $"it points to another place ({url.GetLeftPart(UriPartial.Authority)}), which is never called: only {options.BaseUrl} is configured");
        }
    }

    private async Task<HttpResponseMessage> Buffer(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(options.LargestAnswer, cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            response.Dispose();
            throw new FhirServerException(options.Name, ServerFault.Unreadable, $"an answer is larger than {options.LargestAnswer / (1024 * 1024)} MB");
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
