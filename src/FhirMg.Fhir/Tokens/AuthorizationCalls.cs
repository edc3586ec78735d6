using System.Text;
using System.Text.Json;
using FhirMg.Fhir.Http;
using FhirMg.Fhir.Servers;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace FhirMg.Fhir.Tokens;

/// <summary>Calls of discovery and of the token endpoint: passing faults are retried, every other answer than JSON is a <see cref="TokenException"/>.</summary>
internal sealed class AuthorizationCalls
{
    private const int Retries = 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private readonly FhirServerOptions _options;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _pipeline;

    public AuthorizationCalls(FhirServerOptions options, HttpClient http, TimeProvider time, ILogger logger)
    {
        (_options, _http, _time, _logger) = (options, http, time, logger);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(150),
            MaxDelay = LongestWait,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is TokenException { IsTransient: true }),
            DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as TokenException)?.RetryAfter),
            OnRetry = Note,
        }).Build();
    }

    /// <summary>The fault that was retried last; tells more than "not in time" does.</summary>
    public TokenException? LastFault { get; private set; }

    /// <summary>Forgets the last fault.</summary>
    public void Begin() => LastFault = null;

    /// <summary>Sends what <paramref name="create"/> makes, anew for each attempt since an assertion is good for one, and reads the JSON object that comes.</summary>
    public async Task<JsonElement> SendAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async attempt => await AttemptAsync(create, attempt).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task<JsonElement> AttemptAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        using var request = create();
        var url = request.RequestUri!;
        AddHeaders(request, url);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return response.IsSuccessStatusCode
                ? Json.TryParse(body) ?? throw TokenFault.NotJson(url, (int)response.StatusCode)
                : throw TokenFault.Refused(url, response, body, _options, _time.GetUtcNow(), LongestWait);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw TokenFault.Unreachable(url, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw TokenFault.TooSlow(url, e);
        }
    }

    // A gateway's key is the FHIR server's own; the token endpoint may be somebody else's.
    private void AddHeaders(HttpRequestMessage request, Uri url)
    {
        foreach (var (name, value) in Url.IsSameOrigin(url, _options.BaseUrl) ? _options.Headers : new Dictionary<string, string>())
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private ValueTask Note(OnRetryArguments<object> arguments)
    {
        LastFault = (TokenException)arguments.Outcome.Exception!;
        _logger.Retrying(_options.Name, arguments.AttemptNumber + 1, LastFault.Host, LastFault.Status, arguments.RetryDelay);
        return default;
    }
}
