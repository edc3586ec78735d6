using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMg.Service.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Tests.Launch;

/// <summary>
/// A FHIR server with an authorization server that asks nobody: exact where the specification is (PKCE, codes once, redirect uri, rotated
/// refresh tokens used once), and changeable in everything that the specification leaves open, or that a hostile one might do.
/// </summary>
internal sealed class OddServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, Dictionary<string, string>> _codes = new();
    private readonly ConcurrentDictionary<string, bool> _refreshTokens = new();
    private int _issued;

    private OddServer(WebApplication application) => _application = application;

    /// <summary>Its root, without a slash at its end.</summary>
    public string Root => _application.Urls.First();

    public string Base => $"{Root}/fhir";

    /// <summary>Changes the SMART configuration; null in its place: there is none (404).</summary>
    public Func<JsonObject, JsonObject?> Configuration { get; set; } = configuration => configuration;

    /// <summary>Changes the answer of the token endpoint to a code.</summary>
    public Action<JsonObject> Answer { get; set; } = _ => { };

    /// <summary>Changes the answer to a refresh.</summary>
    public Action<JsonObject> RefreshAnswer { get; set; } = _ => { };

    /// <summary>Answers the token endpoint in place of it; null for what is usual.</summary>
    public Func<Dictionary<string, string>, IResult?> Token { get; set; } = _ => null;

    /// <summary>Changes where the person is sent back to.</summary>
    public Func<string, string> Back { get; set; } = url => url;

    /// <summary>Answers with an error in place of a code; null for a code.</summary>
    public Func<Dictionary<string, string>, (string Error, string? Description)?> Refuse { get; set; } = _ => null;

    /// <summary>Makes the id_token of an authorization request; null for none.</summary>
    public Func<OddServer, Dictionary<string, string>, string?> Identity { get; set; } = (server, request) => server.IdToken(request);

    /// <summary>The key of id_tokens, and those published.</summary>
    public RsaSecurityKey Key { get; set; } = NewKey("k1");

    public List<RsaSecurityKey> Published { get; } = [];

    /// <summary>Access tokens that the FHIR endpoint answers 401 to.</summary>
    public ConcurrentDictionary<string, bool> Refused { get; } = new();

    public ConcurrentQueue<Dictionary<string, string>> Authorizations { get; } = new();

    /// <summary>Requests at the token endpoint: the form, with the Authorization header as <c>authorization</c>.</summary>
    public ConcurrentQueue<Dictionary<string, string>> TokenRequests { get; } = new();

    public ConcurrentQueue<string> Revoked { get; } = new();

    /// <summary>What the revocation endpoint does before it answers.</summary>
    public Func<Task> Revoking { get; set; } = () => Task.CompletedTask;

    /// <summary>Whether any code verifier will do.</summary>
    public bool IgnoresPkce { get; set; }

    public int KeysAsked { get; private set; }

    /// <summary>Whether a refresh token was used a second time, which a strict server takes for theft.</summary>
    public bool SawReplay { get; private set; }

    public static async Task<OddServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new OddServer(builder.Build());
        server.Published.Add(server.Key);
        var app = server._application;
        app.MapGet("/fhir/.well-known/smart-configuration", () => server.Configuration(server.Usual()) is { } configuration ? Results.Text(configuration.ToJsonString(), "application/json") : Results.NotFound());
        app.MapGet("/fhir/metadata", () => Results.Text(server.Capability().ToJsonString(), "application/fhir+json"));
        app.MapGet("/fhir/Patient/{id}", (string id, HttpContext context) => server.Refused.ContainsKey(context.Request.Headers.Authorization.ToString()["Bearer ".Length..])
            ? Results.Unauthorized() : Results.Text($$"""{"resourceType":"Patient","id":"{{id}}"}""", "application/fhir+json"));
        app.MapGet("/authorize", server.Authorize);
        app.MapPost("/token", (Delegate)server.TokenAsync);
        app.MapPost("/revoke", async (HttpContext context) =>
        {
            server.Revoked.Enqueue((await context.Request.ReadFormAsync())["token"]!);
            await server.Revoking();
            return Results.Ok();
        });
        app.MapGet("/keys", () =>
        {
            server.KeysAsked++;
            return Results.Json(new { keys = server.Published.Select(key => new { kty = "RSA", use = "sig", kid = key.KeyId, n = Base64UrlEncoder.Encode(key.Rsa.ExportParameters(false).Modulus!), e = "AQAB" }) });
        });
        await app.StartAsync();
        return server;
    }

    public static RsaSecurityKey NewKey(string id) => new(RSA.Create(2048)) { KeyId = id };

    /// <summary>An id_token as it should be, changed as asked.</summary>
    public string IdToken(Dictionary<string, string> request, Action<SecurityTokenDescriptor>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Root,
            Audience = request["client_id"],
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(5),
            Claims = new Dictionary<string, object> { ["sub"] = "user-1", ["nonce"] = request["nonce"], ["fhirUser"] = $"{Base}/Practitioner/p1" },
            SigningCredentials = new(Key, SecurityAlgorithms.RsaSha256),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private JsonObject Usual() => new()
    {
        ["issuer"] = Root,
        ["jwks_uri"] = $"{Root}/keys",
        ["authorization_endpoint"] = $"{Root}/authorize?tenant=one",
        ["token_endpoint"] = $"{Root}/token",
        ["revocation_endpoint"] = $"{Root}/revoke",
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post", "private_key_jwt"),
        ["scopes_supported"] = new JsonArray("openid", "fhirUser", "launch", "launch/patient", "offline_access", "patient/*.rs"),
        ["capabilities"] = new JsonArray("launch-ehr", "launch-standalone", "client-public", "sso-openid-connect", "permission-v2", "permission-offline"),
        ["x_unknown"] = new JsonObject(),
    };

    private JsonObject Capability() => new()
    {
        ["resourceType"] = "CapabilityStatement",
        ["fhirVersion"] = "4.0.1",
        ["rest"] = new JsonArray(new JsonObject
        {
            ["mode"] = "server",
            ["security"] = new JsonObject
            {
                ["extension"] = new JsonArray(new JsonObject
                {
                    ["url"] = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                    ["extension"] = new JsonArray(
                        new JsonObject { ["url"] = "authorize", ["valueUri"] = $"{Root}/authorize" },
                        new JsonObject { ["url"] = "token", ["valueUri"] = $"{Root}/token" }),
                }),
            },
        }),
    };

    private IResult Authorize(HttpContext context)
    {
        var request = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        Authorizations.Enqueue(request);
        var back = new Dictionary<string, string?> { ["state"] = request["state"], ["session_state"] = "x" };
        if (Refuse(request) is { } refusal)
        {
            (back["error"], back["error_description"]) = (refusal.Error, refusal.Description);
        }
        else
        {
            var code = $"code-{Opaque.New()}";
            _codes[code] = request;
            back["code"] = code;
        }

        return Results.Redirect(Back(QueryHelpers.AddQueryString(request["redirect_uri"], back)));
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = (await context.Request.ReadFormAsync()).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        if (context.Request.Headers.Authorization is [{ } authorization])
        {
            form["authorization"] = authorization;
        }

        TokenRequests.Enqueue(form);
        if (Token(form) is { } instead)
        {
            return instead;
        }

        if (form["grant_type"] == "refresh_token")
        {
            if (!_refreshTokens.TryUpdate(form["refresh_token"], true, false))
            {
                SawReplay |= _refreshTokens.ContainsKey(form["refresh_token"]);
                return Error("invalid_grant");
            }

            return Tokens(null, RefreshAnswer);
        }

        return !_codes.TryRemove(form["code"], out var request) || request["redirect_uri"] != form["redirect_uri"]
            || (!IgnoresPkce && request["code_challenge"] != Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))))
            ? Error("invalid_grant")
            : Tokens(request, Answer);
    }

    public static IResult Error(string code, int status = 400) => Results.Json(new { error = code, error_description = "no" }, statusCode: status);

    private IResult Tokens(Dictionary<string, string>? request, Action<JsonObject> change)
    {
        var refresh = $"refresh-{Opaque.New()}";
        _refreshTokens[refresh] = false;
        var answer = new JsonObject
        {
            ["access_token"] = $"access-{Interlocked.Increment(ref _issued)}-{Opaque.New()}",
            ["token_type"] = "Bearer",
            ["expires_in"] = 3600,
            ["refresh_token"] = refresh,
            ["x_unknown"] = new JsonArray(1, "two"),
        };
        if (request is not null)
        {
            (answer["scope"], answer["patient"], answer["id_token"]) = (request["scope"], "p1", Identity(this, request));
            if (answer["id_token"] is null)
            {
                answer.Remove("id_token");
            }
        }

        change(answer);
        return Results.Text(answer.ToJsonString(), "application/json");
    }
}
