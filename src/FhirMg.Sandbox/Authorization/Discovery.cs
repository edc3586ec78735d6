namespace FhirMg.Sandbox.Authorization;

/// <summary>What apps discover: <c>.well-known/smart-configuration</c> and the style.</summary>
internal static class Discovery
{
    private static readonly string[] Capabilities =
    [
        "launch-ehr", "launch-standalone", "authorize-post", "client-public", "client-confidential-symmetric", "client-confidential-asymmetric", "sso-openid-connect",
        "context-banner", "context-style", "context-ehr-patient", "context-ehr-encounter", "context-standalone-patient", "permission-offline", "permission-online",
        "permission-patient", "permission-user", "permission-v1", "permission-v2",
    ];

    private static readonly string[] Methods = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
    private static readonly string[] Algorithms = ["RS384", "ES384"];
    private static readonly string[] Grants = ["authorization_code", "client_credentials"];
    private static readonly string[] Challenges = ["S256"];
    private static readonly string[] Responses = ["code"];
    private static readonly string[] Version1 = ["patient/*.read", "patient/*.write", "user/*.read", "user/*.write", "system/*.read", "system/*.write"];
    private static readonly string[] Version2 = ["patient/*.cruds", "user/*.cruds", "system/*.cruds"];

    public static void MapDiscovery(this WebApplication app)
    {
        app.MapGet($"{Fhir.FhirEndpoints.Path}/.well-known/smart-configuration", IResult (ServerAddress address, SmartState smart) =>
            smart.Switches.HasSmartConfiguration ? TypedResults.Json(Configuration(address, smart.Switches)) : TypedResults.NotFound());
        app.MapGet("/auth/smart-style.json", () => TypedResults.Json(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["color_background"] = "#ffffff",
            ["color_error"] = "#a3211f",
            ["color_highlight"] = "#0b5c8a",
            ["color_modal_backdrop"] = "#1b2733",
            ["color_success"] = "#1f6b36",
            ["color_text"] = "#1b2733",
            ["dim_border_radius"] = "6px",
            ["dim_font_size"] = "16px",
            ["dim_spacing_size"] = "16px",
            ["font_family_body"] = "system-ui, sans-serif",
            ["font_family_heading"] = "system-ui, sans-serif",
        }));
    }

    private static Dictionary<string, object> Configuration(ServerAddress address, SmartSwitches switches)
    {
        var configuration = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["issuer"] = address.Issuer,
            ["jwks_uri"] = $"{address.Issuer}/jwks",
            ["authorization_endpoint"] = $"{address.Issuer}/authorize",
            ["token_endpoint"] = $"{address.Issuer}/token",
            ["introspection_endpoint"] = $"{address.Issuer}/introspect",
            ["revocation_endpoint"] = $"{address.Issuer}/revoke",
            ["token_endpoint_auth_methods_supported"] = Methods,
            ["token_endpoint_auth_signing_alg_values_supported"] = Algorithms,
            ["grant_types_supported"] = Grants,
            ["response_types_supported"] = Responses,
            ["scopes_supported"] = SmartScopes.Plain.Concat(switches.KnowsVersion2 ? [.. Version1, .. Version2] : Version1),
            ["capabilities"] = Capabilities.Where(one => Offers(one, switches)),
        };
        if (switches.AdvertisesPkce)
        {
            configuration["code_challenge_methods_supported"] = Challenges;
        }

        return configuration;
    }

    private static bool Offers(string capability, SmartSwitches switches) => capability switch
    {
        "permission-v2" => switches.KnowsVersion2,
        "permission-offline" or "permission-online" => switches.GivesRefreshTokens,
        "sso-openid-connect" => switches.GivesIdTokens,
        _ => true,
    };
}
