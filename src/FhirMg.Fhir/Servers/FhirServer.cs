using System.Net;
using System.Net.Http.Headers;
using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Tokens;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace FhirMg.Fhir.Servers;

/// <summary>A configured FHIR R4 server: every call to it goes through here, with its token, limits and retries.</summary>
public sealed class FhirServer
{
    private static readonly MediaTypeWithQualityHeaderValue Accepted = MediaTypeWithQualityHeaderValue.Parse("application/fhir+json; q=1.0");
    private static readonly MediaTypeWithQualityHeaderValue AcceptedToo = MediaTypeWithQualityHeaderValue.Parse("application/json; q=0.9");
    private readonly IHttpClientFactory _clients;
    private readonly Lock _lock = new();
    private readonly BackendServicesTokens? _tokens;
    private readonly FhirServer? _origin;
    private readonly CallerToken? _caller;
    private Task<ServerCapability>? _capability;
    private Action? _endReading;
    private int _waiting;

    internal FhirServer(FhirServerOptions options, IHttpClientFactory clients, BackendServicesTokens? tokens) => (Options, _clients, _tokens) = (options, clients, tokens);

    private FhirServer(FhirServer origin, CallerToken caller)
        : this(origin.Options, origin._clients, null) => (_origin, _caller) = (origin, caller);

    /// <summary>Set to false on a GET that must not be repeated by itself, such as one that begins an export.</summary>
    public static HttpRequestOptionsKey<bool> Repeatable => Http.Repeatable.Mark;

    /// <summary>How the server is configured.</summary>
    public FhirServerOptions Options { get; }

    /// <summary>Whether it failed so often just now that it is left alone for a moment.</summary>
    public bool IsLeftAlone => (_origin ?? this).Breaker?.CircuitState is CircuitState.Open or CircuitState.Isolated;

    internal CircuitBreakerStateProvider? Breaker { get; init; }

    /// <summary>The same server, called with the token that somebody brings in place of one of our own; limits, breaker and capability are shared.</summary>
    public FhirServer As(CallerToken caller) => new(_origin ?? this, caller);

    /// <summary>Whether it is called with a token that somebody brings: one that only they can renew.</summary>
    internal bool IsCalledForSomebody => _caller is not null;

    /// <summary>What the server says it can do; asked once.</summary>
    /// <exception cref="FhirServerException">It could not be had.</exception>
    public Task<ServerCapability> CapabilityAsync(CancellationToken cancellationToken) =>
        _origin is not null ? CapabilityForCallerAsync(_origin, cancellationToken)
        : _capability is { IsCompletedSuccessfully: true } known ? known
        : SharedCapabilityAsync(cancellationToken);

    // One reading for all who wait. It ends with the last of them: else one that hangs would keep the program from ending.
    private async Task<ServerCapability> SharedCapabilityAsync(CancellationToken cancellationToken)
    {
        Task<ServerCapability> reading;
        lock (_lock)
        {
            if (_capability is null or { IsFaulted: true } or { IsCanceled: true })
            {
#pragma warning disable CA2000 // It has no timer and no handle, so there is nothing to dispose of, and it may be cancelled at any moment.
                var end = new CancellationTokenSource();
#pragma warning restore CA2000
                (_capability, _endReading) = (ReadCapabilityAsync(end.Token), end.Cancel);
            }

            _waiting++;
            reading = _capability;
        }

        try
        {
            return await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(reading);
        }
    }

    private void Leave(Task<ServerCapability> reading)
    {
        Action? end = null;
        lock (_lock)
        {
            if (--_waiting == 0 && !reading.IsCompleted)
            {
                (_capability, end) = (null, _endReading);
            }
        }

        end?.Invoke();
    }

    // Some servers tell only those whom they know what they can do: where we are not known, the caller is.
    private async Task<ServerCapability> CapabilityForCallerAsync(FhirServer origin, CancellationToken cancellationToken)
    {
        try
        {
            return await origin.CapabilityAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FhirServerException e) when (e.Fault == ServerFault.Refused && e.Status is 401 or 403)
        {
            var capability = ServerCapability.Read(Options.Name, await GetAsync("metadata", cancellationToken).ConfigureAwait(false));
            lock (origin._lock)
            {
                // What a server can do is the same for all; what one may do with it, the scopes and its answers tell.
                origin._capability = Task.FromResult(capability);
            }

            return capability;
        }
    }

    private async Task<ServerCapability> ReadCapabilityAsync(CancellationToken cancellationToken) =>
        ServerCapability.Read(Options.Name, await GetAsync("metadata", cancellationToken).ConfigureAwait(false));

    /// <summary>What the server can do for us: as far as the scopes granted to us, or to the caller whose token is used, go.</summary>
    /// <exception cref="FhirServerException">It could not be had.</exception>
    public Task<ServerCapability> GrantedCapabilityAsync(CancellationToken cancellationToken) => GrantedCapabilityAsync(Permission.None, cancellationToken);

    /// <summary>The same, with permissions that count as granted because nobody has asked for them.</summary>
    internal async Task<ServerCapability> GrantedCapabilityAsync(Permission assumed, CancellationToken cancellationToken)
    {
        var capability = await CapabilityAsync(cancellationToken).ConfigureAwait(false);
        if (_caller is not null)
        {
            return _caller.Granted.IsEmpty ? capability : capability.Within(_caller.Granted, assumed);
        }

        if (_tokens is null)
        {
            return capability;
        }

        try
        {
            var granted = (await _tokens.GetAsync(cancellationToken).ConfigureAwait(false)).Granted;
            return granted.IsEmpty ? capability : capability.Within(granted, assumed);
        }
        catch (TokenException e) when (Translate(e, Options.BaseUrl, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Gets a resource, a search or a page.</summary>
    /// <param name="url">Relative to the base, or an absolute url of the server's own.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FhirServerException">The server could not be used at all; an answer with an error status is returned.</exception>
    public Task<FhirResponse> GetAsync(string url, CancellationToken cancellationToken) => SendAsync(new(HttpMethod.Get, Resolve(url)), cancellationToken);

    /// <summary>Sends a request.</summary>
    /// <exception cref="FhirServerException">The server could not be used at all; an answer with an error status is returned.</exception>
    public async Task<FhirResponse> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            request.Headers.Accept.Add(Accepted);
            request.Headers.Accept.Add(AcceptedToo);
            if (_caller is not null)
            {
                request.Headers.Authorization = new("Bearer", _caller.Value);
            }

            try
            {
                using var client = _clients.CreateClient(Options.Name);
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                return new(response.StatusCode, body, response.Headers.ETag?.Tag.Trim('"'), response.Headers.Location) { Headers = response.Headers, ContentHeaders = response.Content.Headers };
            }
            catch (Exception e) when (Translate(e, Options.BaseUrl, cancellationToken) is { } translated)
            {
                throw translated;
            }
        }
    }

    /// <summary>
    /// Opens a file that the server names, such as one of an export; its body is read as it comes and as it was packed. A file in a storage
    /// elsewhere, named or redirected to, is fetched without token and headers of ours.
    /// </summary>
    /// <exception cref="FhirServerException">It cannot be had at all; an answer with an error status is returned.</exception>
    public async Task<ServerFile> OpenFileAsync(FileRequest file, CancellationToken cancellationToken)
    {
        var url = file.Url;
        try
        {
            if (Options.Owns(url))
            {
                var own = await OpenAsync(FileClients.Own(Options.Name), file, url, cancellationToken).ConfigureAwait(false);
                if (own.Redirect is not { } location)
                {
                    return own;
                }

                own.Dispose();
                url = new(url, location);
            }

            return await OpenAsync(FileClients.Storage(Options.Name), file, url, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Translate(e, url, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    private async Task<ServerFile> OpenAsync(string client, FileRequest file, Uri url, CancellationToken cancellationToken)
    {
        var http = _clients.CreateClient(client);
        try
        {
            using var request = file.Message(url, Options.Owns(url) ? _caller : null);
            return new(http, await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>An url below the base from a relative one; an absolute one as it is.</summary>
    /// <exception cref="FhirServerException">The text is no url.</exception>
    public Uri Resolve(string url) => Uri.TryCreate(Options.Root, url, out var resolved)
        ? resolved
        : throw new FhirServerException(Options.Name, ServerFault.Unreadable, "it sent a link that is no url");

    /// <summary>The token that somebody brought is not taken: an error, since only they can renew it, and never less data.</summary>
    /// <exception cref="FhirServerException">The answer is 401, and the token is somebody's.</exception>
    internal void RequireTaken(FhirResponse response)
    {
        if (_caller is not null && response.Status == HttpStatusCode.Unauthorized)
        {
            throw new FhirServerException(Options.Name, ServerFault.Refused, "it does not take the token any more: a new one is needed") { Status = (int)HttpStatusCode.Unauthorized };
        }
    }

    private FhirServerException? Translate(Exception exception, Uri place, CancellationToken cancellationToken) => exception switch
    {
        FhirServerException => null,
        HttpRequestException { InnerException: FhirServerException refusal } => refusal,
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        BrokenCircuitException => new(Options.Name, ServerFault.Unavailable, "it failed too often just now and is left alone for a moment: try again later", exception),
        RateLimiterRejectedException => new(Options.Name, ServerFault.Unavailable, "too many calls are waiting for it: try again later", exception),
        TimeoutRejectedException or OperationCanceledException => new(Options.Name, ServerFault.Unavailable, "it did not answer in time: check the server, or allow it more time", exception),
        HttpRequestException or IOException or InvalidDataException => new(Options.Name, ServerFault.Unavailable,
            $"it could not be reached, or broke off ({place.GetLeftPart(UriPartial.Authority)}): check address, network and certificates", exception),
        TokenException token => new(Options.Name, token.IsTransient ? ServerFault.Unavailable : ServerFault.Refused, exception.Message, exception),
        _ => null,
    };
}
