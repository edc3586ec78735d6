using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>A client as it is registered with an <see cref="AuthServer"/>.</summary>
/// <param name="ClientId">Its id.</param>
public sealed record AuthClient(string ClientId)
{
    /// <summary>Its public keys (a JWK Set), for private_key_jwt.</summary>
    public JsonObject? Jwks { get; init; }

    /// <summary>Where its public keys are; read again, once per request, when a <c>kid</c> is not known.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>Its secret, for client_secret_basic and client_secret_post.</summary>
    public string? Secret { get; init; }

    /// <summary>The most that it is granted: what is asked for beyond it is left out. Null grants what is asked.</summary>
    public IReadOnlyList<string>? GrantOnly { get; init; }
}
