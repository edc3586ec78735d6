using System.Net;
using FhirMg.Fhir.Http;

namespace FhirMg.Fhir.Servers;

/// <summary>An open file of a server: what its answer says, and its bytes as they come.</summary>
public sealed class ServerFile : IDisposable
{
    private const int LongestExplanation = 64 * 1024;
    private readonly HttpClient _client;
    private readonly HttpResponseMessage _response;

    internal ServerFile(HttpClient client, HttpResponseMessage response) => (_client, _response) = (client, response);

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status => _response.StatusCode;

    /// <summary>Whether the file comes.</summary>
    public bool IsSuccess => _response.IsSuccessStatusCode;

    /// <summary>Whether a later attempt may better the answer.</summary>
    public bool IsTransient => Repeatable.IsTransient(Status);

    /// <summary>Where in the file, as packed, the bytes begin; 0 when the server sends all of it.</summary>
    public long From => Status == HttpStatusCode.PartialContent ? _response.Content.Headers.ContentRange?.From ?? 0 : 0;

    /// <summary>Size of the whole file as packed; null when the server does not say.</summary>
    public long? Length => Status == HttpStatusCode.PartialContent
        ? _response.Content.Headers.ContentRange?.Length
        : _response.Content.Headers.ContentLength;

    /// <summary>Whether the bytes are packed by gzip for the way.</summary>
    public bool IsGzip => _response.Content.Headers.ContentEncoding.Any(encoding => encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || encoding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase));

    /// <summary>Media type of the file; null when not stated.</summary>
    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    /// <summary>The version as sent, to ask for the rest of the same; null when not stated.</summary>
    public string? ETag => _response.Headers.ETag?.ToString();

    /// <summary>Where a redirect leads; null when it is none.</summary>
    internal Uri? Redirect => TransportHandler.IsRedirect(Status) ? _response.Headers.Location : null;

    /// <summary>How long the server asks us to wait; null when it does not.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now, TimeSpan cap) => Http.RetryAfter.Of(_response.Headers, now, cap);

    /// <summary>The bytes. Reading throws <see cref="IOException"/> or <see cref="HttpRequestException"/> when the connection is lost.</summary>
    public Task<Stream> OpenAsync(CancellationToken cancellationToken) => _response.Content.ReadAsStreamAsync(cancellationToken);

    /// <summary>What the server says of an error.</summary>
    public async Task<string> SaidAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var body = await OpenAsync(cancellationToken).ConfigureAwait(false);
            var said = new byte[LongestExplanation];
            var length = await body.ReadAtLeastAsync(said, said.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return IsGzip ? "an explanation that is packed" : new FhirResponse(Status, said.AsMemory(0, length), null, null).Said();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return "no explanation";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _response.Dispose();
        _client.Dispose();
    }
}
