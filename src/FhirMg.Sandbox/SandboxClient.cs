namespace FhirMg.Sandbox;

/// <summary>An app or service that is registered with the sandbox's authorization server.</summary>
/// <remarks>Without <see cref="Secret"/>, <see cref="Jwks"/> and <see cref="JwksUri"/> it is a public client.</remarks>
public sealed record SandboxClient
{
    /// <summary>The client id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The name that users are asked about; null: the client id.</summary>
    public string? Name { get; init; }

    /// <summary>The secret of a symmetric client; null for others.</summary>
    public string? Secret { get; init; }

    /// <summary>The JWK set (JSON) of an asymmetric client; null for others, or where <see cref="JwksUri"/> is given.</summary>
    public string? Jwks { get; init; }

    /// <summary>Where the JWK set of an asymmetric client is; read when a key is not known yet. Null for others.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>Redirect URIs, compared to the letter; empty for a backend service.</summary>
    public IReadOnlyList<Uri> RedirectUris { get; init; } = [];

    /// <summary>Scopes that it may be granted, separated by spaces; null: any.</summary>
    public string? Scopes { get; init; }

    /// <summary>Whether it may use <c>client_credentials</c> with <c>system/</c> scopes (SMART Backend Services).</summary>
    public bool BackendService { get; init; }

    /// <summary>Grant types of the sandbox itself.</summary>
    internal IReadOnlyList<string> CustomGrants { get; init; } = [];

    /// <summary>The four clients that FhirMg running at an address needs: <c>fhirmg-public</c>, <c>fhirmg-secret</c>, <c>fhirmg</c> (asymmetric) and <c>fhirmg-backend</c>.</summary>
    /// <param name="application">The public address of the service.</param>
    public static IReadOnlyList<SandboxClient> Of(Uri application)
    {
        var root = application.AbsoluteUri.TrimEnd('/');
        Uri[] redirects = [new($"{root}/smart/callback")];
        var keys = new Uri($"{root}/.well-known/jwks.json");
        return
        [
            new() { ClientId = "fhirmg-public", Name = "FhirMg", RedirectUris = redirects },
            new() { ClientId = "fhirmg-secret", Name = "FhirMg", Secret = "fhirmg-demo-secret", RedirectUris = redirects },
            new() { ClientId = "fhirmg", Name = "FhirMg", JwksUri = keys, RedirectUris = redirects },
            new() { ClientId = "fhirmg-backend", Name = "FhirMg (backend)", JwksUri = keys, BackendService = true },
        ];
    }
}
