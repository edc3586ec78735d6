using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>A clock that can be set ahead; its timers are real.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}

/// <summary>Everything that was logged, with the values and exceptions of each line.</summary>
internal sealed class CapturedLog : ILogger<BackendServicesTokens>
{
    private readonly ConcurrentQueue<(LogLevel Level, int Id, string Text)> _lines = new();

    public IReadOnlyList<(LogLevel Level, int Id, string Text)> Lines => [.. _lines];

    public string All => string.Join('\n', _lines.Select(line => line.Text));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(pair => pair.Value)) : "";
        _lines.Enqueue((logLevel, eventId.Id, $"{formatter(state, exception)} | {values} | {exception}"));
    }
}

/// <summary>A request as the stub saw it.</summary>
internal sealed record Seen(string Method, string Path, string? Authorization, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Form(string name) => System.Web.HttpUtility.ParseQueryString(Body)[name] ?? "";

    public JsonObject Claims => Part(1);

    public JsonObject Header => Part(0);

    private JsonObject Part(int index) =>
        JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(Form("client_assertion").Split('.')[index]))!.AsObject();
}

/// <summary>What the stub answers.</summary>
internal sealed record Reply(int Status, string Body = "", string Type = "application/json", string? RetryAfter = null, string? Location = null, bool Abort = false, TimeSpan Delay = default)
{
    public static Reply Token(string value = "t0ken", string more = "\"expires_in\":300") =>
        new(200, $$"""{"access_token":"{{value}}","token_type":"bearer"{{(more.Length > 0 ? "," : "")}}{{more}}}""");

    public static Reply Error(string code, string text = "", int status = 400) =>
        new(status, new JsonObject { ["error"] = code, ["error_description"] = text }.ToJsonString());
}

/// <summary>A FHIR server (at <c>/fhir</c>) and token endpoint (at <c>/token</c>) that answer whatever a test wants.</summary>
internal sealed class Stub : IAsyncDisposable
{
    private readonly ConcurrentQueue<Seen> _seen = new();
    private readonly WebApplication _app;

    private Stub(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    public Uri Base => new(Url, "/fhir");

    public IReadOnlyList<Seen> Requests => [.. _seen];

    public IReadOnlyList<Seen> TokenRequests => [.. _seen.Where(seen => seen.Path.StartsWith("/token", StringComparison.Ordinal))];

    /// <summary>Members of the SMART configuration beside the token endpoint, or instead of it.</summary>
    public JsonObject Configuration { get; set; } = [];

    public Func<Seen, Reply?> Answer { get; set; } = _ => null;

    public Func<Seen, Reply> Token { get; set; } = _ => Reply.Token();

    public static async Task<Stub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var stub = new Stub(builder.Build());
        stub._app.Run(stub.ServeAsync);
        await stub._app.StartAsync();
        stub.Url = new(stub._app.Urls.First());
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var request = context.Request;
        var seen = new Seen(request.Method, request.Path, request.Headers.Authorization,
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
        _seen.Enqueue(seen);
        var reply = Answer(seen) ?? Usual(seen);
        if (reply.Delay > TimeSpan.Zero)
        {
            await Task.Delay(reply.Delay, context.RequestAborted);
        }

        if (reply.Abort)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.Type;
        context.Response.Headers.RetryAfter = reply.RetryAfter;
        context.Response.Headers.Location = reply.Location;
        await context.Response.WriteAsync(reply.Body);
    }

    private Reply Usual(Seen seen) => seen.Path switch
    {
        "/fhir/.well-known/smart-configuration" => new(200, Merged().ToJsonString()),
        "/token" => Token(seen),
        _ => new(404, "<html><body><h1>Not found</h1></body></html>", "text/html"),
    };

    private JsonObject Merged()
    {
        var merged = Configuration.DeepClone().AsObject();
        merged.TryAdd("token_endpoint", new Uri(Url, "/token").AbsoluteUri);
        return merged;
    }
}

/// <summary>Tokens for one server, with what they log.</summary>
internal sealed class Bench : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public Bench(FhirServerOptions options, TimeProvider? time = null, params string[] wanted)
    {
        Options = options;
        Tokens = new(options, _http, wanted.Length > 0 ? wanted : ["system/Observation.rs", "system/Patient.rs"], time ?? TimeProvider.System, Log);
    }

    public FhirServerOptions Options { get; }

    public CapturedLog Log { get; } = new();

    public BackendServicesTokens Tokens { get; }

    public static CancellationToken Ends => TestContext.Current.CancellationToken;

    public static FhirServerOptions WithKey(Uri url, KeyOnDisk key) =>
        new() { Name = "hospital", BaseUrl = url, Auth = ServerAuth.BackendServices, ClientId = "fhirmg", PrivateKeyPath = key.Path };

    public static FhirServerOptions WithSecret(Uri url, string secret = "s3cret-value") =>
        new() { Name = "hospital", BaseUrl = url, Auth = ServerAuth.BackendServices, ClientId = "fhirmg", ClientSecret = secret };

    public Task<AccessToken> GetAsync() => Tokens.GetAsync(Ends).AsTask();

    public Task<TokenException> FailAsync() => Assert.ThrowsAsync<TokenException>(GetAsync);

    public void Dispose() => _http.Dispose();
}
