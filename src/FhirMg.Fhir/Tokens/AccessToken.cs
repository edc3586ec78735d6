using System.Globalization;

namespace FhirMg.Fhir.Tokens;

/// <summary>An access token as the authorization server gave it out; its value appears in no text made from it.</summary>
/// <param name="Value">The bearer token itself: secret.</param>
/// <param name="ExpiresAt">When it ends, counted from when it was asked for.</param>
/// <param name="Scopes">The scopes granted; those asked for, when the server did not say.</param>
public sealed record AccessToken(string Value, DateTimeOffset ExpiresAt, IReadOnlySet<string> Scopes)
{
    /// <summary>What the scopes allow.</summary>
    public GrantedScopes Granted => new(Scopes);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"access token until {ExpiresAt:O} with {Scopes.Count} scopes");
}
