using System.Text.Json;

namespace FhirMg.Fhir.Tokens;

/// <summary>What a FHIR server says about its authorization server.</summary>
public sealed record AuthorizationServer
{
    private const string OAuthUris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

    /// <summary>Where tokens come from.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>Where a person signs in and allows access; null when none is named.</summary>
    public Uri? AuthorizationEndpoint { get; init; }

    /// <summary>Where a token is given back (RFC 7009); null when none is named.</summary>
    public Uri? RevocationEndpoint { get; init; }

    /// <summary>The <c>iss</c> of its id_tokens and of its answers (RFC 9207), as written; null when not said.</summary>
    public string? Issuer { get; init; }

    /// <summary>Where the keys of its id_tokens are; null when none is named.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>The same as the server wrote it: the assertion's audience is compared as text.</summary>
    public required string Audience { get; init; }

    /// <summary>Client authentication methods; empty when not said.</summary>
    public IReadOnlySet<string> Methods { get; init; } = new HashSet<string>();

    /// <summary>Signing algorithms of assertions; empty when not said.</summary>
    public IReadOnlySet<string> Algorithms { get; init; } = new HashSet<string>();

    /// <summary>Scopes that it names as supported, which need not be all; empty when not said.</summary>
    public IReadOnlySet<string> NamedScopes { get; init; } = new HashSet<string>();

    /// <summary>Capabilities that it names, such as <c>launch-standalone</c>; empty when not said.</summary>
    public IReadOnlySet<string> Capabilities { get; init; } = new HashSet<string>();

    /// <summary>Whether it says that it knows scopes v1 and says nothing of v2.</summary>
    public bool KnowsOnlyV1 { get; init; }

    /// <summary>Whether the secret goes into the body: only where the header is not among the methods named.</summary>
    public bool TakesSecretInBody => Methods.Contains("client_secret_post") && !Methods.Contains("client_secret_basic");

    /// <summary>Reads <c>.well-known/smart-configuration</c>.</summary>
    /// <exception cref="TokenException">It names no token endpoint, or one that nothing secret may go to.</exception>
    internal static AuthorizationServer OfConfiguration(JsonElement configuration) => Of(configuration.Text("token_endpoint")) with
    {
        AuthorizationEndpoint = Protected(configuration.Text("authorization_endpoint")),
        RevocationEndpoint = Protected(configuration.Text("revocation_endpoint")),
        Issuer = configuration.Text("issuer"),
        JwksUri = Protected(configuration.Text("jwks_uri")),
        Methods = configuration.Texts("token_endpoint_auth_methods_supported"),
        Algorithms = configuration.Texts("token_endpoint_auth_signing_alg_values_supported"),
        NamedScopes = configuration.Texts("scopes_supported"),
        Capabilities = configuration.Texts("capabilities"),
        KnowsOnlyV1 = IsOnlyV1(configuration.Texts("capabilities"), configuration.Texts("scopes_supported")),
    };

    /// <summary>Reads the oauth-uris extension of a CapabilityStatement.</summary>
    /// <exception cref="TokenException">It names no token endpoint, or one that nothing secret may go to.</exception>
    internal static AuthorizationServer OfCapability(JsonElement statement)
    {
        var uris = statement.Items("rest")
            .SelectMany(rest => rest.Member("security").Items("extension"))
            .Where(extension => extension.Text("url") == OAuthUris)
            .SelectMany(extension => extension.Items("extension")).ToList();
        string? Named(string url) => uris.Where(extension => extension.Text("url") == url)
            .Select(extension => extension.Text("valueUri") ?? extension.Text("valueUrl")).FirstOrDefault();
        return Of(Named("token")) with { AuthorizationEndpoint = Protected(Named("authorize")), RevocationEndpoint = Protected(Named("revoke")) };
    }

    private static AuthorizationServer Of(string? endpoint)
    {
        if (endpoint is null)
        {
            throw new TokenException("it names no token endpoint");
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            throw new TokenException("its token endpoint is no plain absolute url");
        }

        return Url.IsProtected(url)
            ? new() { TokenEndpoint = url, Audience = endpoint }
            : throw new TokenException($"its token endpoint {Url.Shown(url)} is not https, and nothing secret is sent there");
    }

    // What a person or a secret is sent to; anything else counts as not named.
    private static Uri? Protected(string? endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Fragment.Length == 0 && Url.IsProtected(url) ? url : null;

    private static bool IsOnlyV1(IReadOnlySet<string> capabilities, IReadOnlySet<string> scopes)
    {
        // What it lists may be examples and old; a stated capability outweighs it.
        var known = scopes.Select(SmartScope.Parse).OfType<SmartScope>().ToList();
        return !capabilities.Contains("permission-v2")
            && (capabilities.Contains("permission-v1") || known.Count > 0)
            && known.TrueForAll(scope => scope.IsV1);
    }
}
