using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Ehr;

/// <summary>Gives CDS services access tokens for the chart that a hook is about.</summary>
/// <remarks>They come from the authorization server itself, by a grant that only the EHR page can use.</remarks>
internal sealed class HookTokens(ServerAddress address, SandboxOptions options) : IDisposable
{
    /// <summary>The grant type.</summary>
    public const string Grant = "urn:fhirmg:sandbox:hook";

    /// <summary>The EHR's own client id.</summary>
    public const string ClientId = "sandbox-ehr";

    /// <summary>What a CDS service may do with the chart.</summary>
    public const string Scope = "patient/*.rs user/Practitioner.rs";

    private readonly HttpClient _http = new();

    /// <summary>The registration of the EHR itself.</summary>
    public SandboxClient Client { get; } = new() { ClientId = ClientId, Secret = RandomNumberGenerator.GetHexString(32), CustomGrants = [Grant] };

    /// <summary>A <c>fhirAuthorization</c> for a chart.</summary>
    public async Task<JsonObject> GiveAsync(ChartContext chart, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = Grant, ["client_id"] = ClientId, ["client_secret"] = Client.Secret!, ["scope"] = Scope, ["patient"] = chart.Patient, ["practitioner"] = chart.Practitioner,
        });
        using var response = await _http.PostAsync(new Uri($"{address.Issuer}/token"), form, cancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return new()
        {
            ["access_token"] = answer.TextAt("access_token") ?? throw new HttpRequestException($"the sandbox gave no token: {answer.TextAt("error_description")}"),
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)options.AccessTokenLifetime.TotalSeconds,
            ["scope"] = Scope,
            ["subject"] = options.CdsClientId,
            ["patient"] = chart.Patient,
        };
    }

    public void Dispose() => _http.Dispose();
}
