using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FhirMg.Simulators;

/// <summary>An authorization server for SMART Backend Services: checks who asks as the specification says, and issues short-lived tokens.</summary>
public sealed class AuthServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly AuthServerOptions options;
    private readonly TokenBook tokens;
    private readonly ClientAuthentication authentication;
    private readonly ConcurrentDictionary<string, AuthClient> clients;
    private readonly ConcurrentQueue<TokenRequest> requests = new();
    private readonly ConcurrentQueue<AuthFault> faults = new();

    private AuthServer(WebApplication app, AuthServerOptions options)
    {
        this.app = app;
        this.options = options;
        tokens = new TokenBook(options.Clock);
        authentication = new ClientAuthentication(options.Clock);
        clients = new ConcurrentDictionary<string, AuthClient>(options.Clients.ToDictionary(c => c.ClientId));
    }

    /// <summary>Its own address, without a slash at its end.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The token endpoint: the <c>aud</c> it wants.</summary>
    public Uri TokenUrl => new(Url, "/token");

    /// <summary>Where it lets clients find it.</summary>
    public SmartDiscovery Discovery => options.Discovery;

    /// <summary>The requests at the token endpoint, in order.</summary>
    public IReadOnlyList<TokenRequest> Requests => [.. requests];

    /// <summary>How long <see cref="AuthFault.Slow"/> takes.</summary>
    public TimeSpan SlowBy { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What goes wrong with every request, until changed.</summary>
    public AuthFault Fault { get; set; }

    /// <summary>Starts a server on a free loopback port.</summary>
    public static async Task<AuthServer> StartAsync(AuthServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var server = new AuthServer(builder.Build(), options);
        server.app.MapGet("/.well-known/smart-configuration", (Delegate)server.WellKnown);
        server.app.MapPost("/token", (Delegate)server.TokenAsync);
        await server.app.StartAsync();
        server.Url = new Uri(server.app.Urls.First());
        return server;
    }

    /// <summary>The next requests go wrong like this, one each; then <see cref="Fault"/> holds again.</summary>
    public void FailNext(params IEnumerable<AuthFault> next)
    {
        foreach (var fault in next)
        {
            faults.Enqueue(fault);
        }
    }

    /// <summary>Registers a client anew: its rotated keys, another secret, another grant.</summary>
    public void Register(AuthClient client) => clients[client.ClientId] = client;

    /// <summary>Forgets all tokens, as when a server restarts: resource servers answer 401 to them.</summary>
    public void RevokeAll() => tokens.Clear();

    /// <summary>What a token is worth for an interaction (<c>c</c>, <c>r</c>, <c>u</c>, <c>d</c>, <c>s</c>) on a resource type.</summary>
    public TokenVerdict Judge(string? authorization, string type, char interaction) => tokens.Judge(authorization, type, interaction);

    /// <summary>The SMART configuration, as it stands below a FHIR base that it guards.</summary>
    public JsonObject SmartConfiguration()
    {
        string[] permissions = options.Scopes switch { ScopeDialect.V1 => ["permission-v1"], ScopeDialect.V2 => ["permission-v2"], _ => ["permission-v1", "permission-v2"] };
        return new JsonObject
        {
            ["token_endpoint"] = TokenUrl.AbsoluteUri,
            ["grant_types_supported"] = new JsonArray("client_credentials"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("private_key_jwt", "client_secret_basic", "client_secret_post"),
            ["token_endpoint_auth_signing_alg_values_supported"] = new JsonArray("RS384", "ES384"),
            ["scopes_supported"] = new JsonArray(options.Scopes == ScopeDialect.V1 ? "system/*.read" : "system/*.rs"),
            ["capabilities"] = new JsonArray([.. permissions.Append("client-confidential-asymmetric").Select(c => JsonValue.Create(c))]),
        };
    }

    /// <summary>The CapabilityStatement's <c>rest.security</c> with the OAuth extension of SMART 1.0.</summary>
    public JsonObject SecurityElement() => new()
    {
        ["extension"] = new JsonArray(new JsonObject
        {
            ["url"] = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            ["extension"] = new JsonArray(new JsonObject { ["url"] = "token", ["valueUri"] = TokenUrl.AbsoluteUri }),
        }),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        authentication.Dispose();
    }

    private static IResult Refused(int status, string error, string description) =>
        Results.Json(new { error, error_description = description }, statusCode: status);

    private IResult WellKnown() =>
        options.Discovery == SmartDiscovery.CapabilityStatement ? Results.NotFound() : Results.Text(SmartConfiguration().ToJsonString(), "application/json");

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var fault = faults.TryDequeue(out var next) ? next : Fault;
        switch (fault)
        {
            case AuthFault.ServerError:
                return Unseen(Results.Text("<html><body><h1>500</h1></body></html>", "text/html", statusCode: 500));
            case AuthFault.Unavailable:
                context.Response.Headers.RetryAfter = "1";
                return Unseen(Results.StatusCode(503));
            case AuthFault.Slow:
                await Task.Delay(SlowBy, context.RequestAborted);
                break;
            case AuthFault.InvalidJson:
                return Unseen(Results.Text("{\"access_token\":", "application/json"));
            default:
                break;
        }

        if (!context.Request.HasFormContentType)
        {
            return Unseen(Refused(400, "invalid_request", "a form is expected"));
        }

        var form = (await context.Request.ReadFormAsync(context.RequestAborted)).ToDictionary(f => f.Key, f => f.Value.ToString());
        var scope = form.GetValueOrDefault("scope") ?? "";
        var who = await authentication.AuthenticateAsync(form, context.Request.Headers.Authorization, TokenUrl.AbsoluteUri, clients);
        var granted = who.Client is null ? [] : Granted(scope, who.Client.GrantOnly);
        (int Status, string Error, string Text)? refusal = form.GetValueOrDefault("grant_type") != "client_credentials"
            ? (400, "unsupported_grant_type", "grant_type is not client_credentials")
            : who.Problem is not null ? (who.Method == "private_key_jwt" ? 400 : 401, "invalid_client", who.Problem)
            : granted.Count == 0 ? (400, "invalid_scope", "nothing of what was asked can be granted") : null;
        requests.Enqueue(new TokenRequest(who.ClientId, who.Method, scope, who.KeyId, refusal is { } r ? $"{r.Error}: {r.Text}" : null));
        return refusal is { } no ? Refused(no.Status, no.Error, no.Text) : Results.Text(Answer(granted, fault).ToJsonString(), "application/json");
    }

    private IResult Unseen(IResult result)
    {
        requests.Enqueue(new TokenRequest(null, "none", "", null, "fault"));
        return result;
    }

    private JsonObject Answer(List<Scope> granted, AuthFault fault)
    {
        var seconds = (int)options.TokenLifetime.TotalSeconds;
        var answer = new JsonObject
        {
            ["access_token"] = tokens.Issue(options.TokenLifetime, granted),
            ["token_type"] = fault == AuthFault.LowerCaseTokenType ? "bearer" : "Bearer",
            ["expires_in"] = fault == AuthFault.ExpiresInAsText ? JsonValue.Create(FormattableString.Invariant($"{seconds}")) : JsonValue.Create(seconds),
            ["scope"] = string.Join(' ', granted.Select(s => s.Text)),
        };
        var left = fault switch { AuthFault.NoExpiresIn => "expires_in", AuthFault.NoScope => "scope", AuthFault.NoAccessToken => "access_token", _ => "" };
        answer.Remove(left);
        return answer;
    }

    private List<Scope> Granted(string asked, IReadOnlyList<string>? only)
    {
        var wanted = asked.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Scope.Parse)
            .Where(s => options.Scopes == ScopeDialect.Both || s.IsV1 == (options.Scopes == ScopeDialect.V1)).ToList();
        var most = only?.Select(Scope.Parse).ToList();
        return most is null
            ? wanted
            : [.. wanted.Where(w => most.Any(m => m.Covers(w))).Concat(most.Where(m => wanted.Any(w => w.Covers(m)))).DistinctBy(s => s.Text)];
    }
}
