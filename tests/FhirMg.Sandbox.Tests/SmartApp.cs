using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Sandbox.Tests;

/// <summary>An app that speaks OAuth with the sandbox, rightly or wrongly.</summary>
internal sealed class SmartApp(Hospital hospital, string clientId, string? secret = null, SecurityKey? key = null, string algorithm = SecurityAlgorithms.EcdsaSha384)
{
    public const string Redirect = "http://127.0.0.1:5999/smart/callback";

    public string Issuer => hospital.Application.Issuer.AbsoluteUri;

    public string Verifier { get; } = RandomNumberGenerator.GetHexString(64, lowercase: true);

    public Dictionary<string, string> Request(string scope, string? launch = null)
    {
        var request = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = clientId,
            ["redirect_uri"] = Redirect,
            ["scope"] = scope,
            ["state"] = "state-1",
            ["aud"] = hospital.Application.FhirBase.AbsoluteUri,
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
        if (launch is not null)
        {
            request["launch"] = launch;
        }

        return request;
    }

    /// <summary>Sends an authorization request; with a decision, as the consent page posts it.</summary>
    public async Task<HttpResponseMessage> AuthorizeAsync(Dictionary<string, string> request, params (string Name, string Value)[] decision)
    {
        if (decision.Length == 0)
        {
            return await hospital.Http.GetAsync(new Uri(QueryHelpers.AddQueryString($"{Issuer}/authorize", request!)), TestContext.Current.CancellationToken);
        }

        using var form = new FormUrlEncodedContent(request.Concat(decision.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))));
        return await hospital.Http.PostAsync(new Uri($"{Issuer}/authorize"), form, TestContext.Current.CancellationToken);
    }

    /// <summary>The parameters of the redirect back to the app.</summary>
    public static Dictionary<string, string> Answer(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith(Redirect, response.Headers.Location!.AbsoluteUri);
        var query = HttpUtility.ParseQueryString(response.Headers.Location.Query);
        return query.AllKeys.ToDictionary(name => name!, name => query[name]!);
    }

    public async Task<(HttpStatusCode Status, JsonObject Body)> TokenAsync(params (string Name, string Value)[] parameters)
    {
        var form = parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)).ToList();
        if (key is not null && !parameters.Any(pair => pair.Name == "client_assertion"))
        {
            form.AddRange([new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), new("client_assertion", Assertion())]);
        }
        else if (key is null)
        {
            form.Add(new("client_id", clientId));
            if (secret is not null)
            {
                form.Add(new("client_secret", secret));
            }
        }

        return await PostAsync("token", form);
    }

    public async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(string endpoint, IEnumerable<KeyValuePair<string, string>> form)
    {
        using var content = new FormUrlEncodedContent(form);
        var response = await hospital.Http.PostAsync(new Uri($"{Issuer}/{endpoint}"), content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.StartsWith('{') ? (JsonObject)JsonNode.Parse(text)! : []);
    }

    public string Assertion(string? audience = null, TimeSpan? life = null, string? jti = null, Dictionary<string, object>? more = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object> { ["sub"] = clientId };
        if (jti is not { Length: 0 })
        {
            claims["jti"] = jti ?? RandomNumberGenerator.GetHexString(32);
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = clientId,
            Audience = audience ?? $"{Issuer}/token",
            IssuedAt = now,
            Expires = now + (life ?? TimeSpan.FromMinutes(4)),
            Claims = claims,
            AdditionalHeaderClaims = more,
            SigningCredentials = new(key!, algorithm),
        });
    }

    /// <summary>The whole way to tokens by a launch.</summary>
    public async Task<JsonObject> LaunchAsync(string scope, Authorization.LaunchContext context)
    {
        var answer = Answer(await AuthorizeAsync(Request(scope, hospital.Application.OpenLaunch(context))));
        Assert.True(answer.ContainsKey("code"), string.Join(' ', answer));
        var (status, body) = await RedeemAsync(answer["code"]);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body;
    }

    public Task<(HttpStatusCode Status, JsonObject Body)> RedeemAsync(string code, string? verifier = null, string redirect = Redirect) =>
        TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("code_verifier", verifier ?? Verifier));

    public Task<(HttpStatusCode Status, JsonObject Body)> RefreshAsync(JsonObject tokens) => TokenAsync(("grant_type", "refresh_token"), ("refresh_token", (string)tokens["refresh_token"]!));
}
