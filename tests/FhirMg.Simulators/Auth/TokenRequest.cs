namespace FhirMg.Simulators;

/// <summary>A request that the token endpoint saw.</summary>
/// <param name="ClientId">Who asked; null when that could not be told.</param>
/// <param name="Method"><c>private_key_jwt</c>, <c>client_secret_basic</c>, <c>client_secret_post</c> or <c>none</c>.</param>
/// <param name="Scope">What was asked for.</param>
/// <param name="KeyId">The <c>kid</c> of the assertion.</param>
/// <param name="Refusal">Why it was refused, as <c>error: description</c>; null when a token was issued.</param>
public sealed record TokenRequest(string? ClientId, string Method, string Scope, string? KeyId, string? Refusal);

/// <summary>What a token presented to a resource server is worth.</summary>
public enum TokenVerdict
{
    /// <summary>Good for this interaction.</summary>
    Good,

    /// <summary>Absent, unknown, expired or revoked: 401.</summary>
    Invalid,

    /// <summary>Good, but its scopes do not allow this interaction: 403.</summary>
    InsufficientScope,
}
