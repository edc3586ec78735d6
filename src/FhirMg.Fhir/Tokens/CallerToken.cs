namespace FhirMg.Fhir.Tokens;

/// <summary>A token that somebody brings for a server: a launched user's, or a CDS Hooks caller's. It is used at that server's own base only.</summary>
/// <param name="value">The access token; never logged, and in no text of this object.</param>
/// <param name="granted">What it allows; empty where that was not said, and then what the server answers decides.</param>
public sealed class CallerToken(string value, GrantedScopes granted)
{
    /// <summary>What it allows.</summary>
    public GrantedScopes Granted { get; } = granted;

    internal string Value { get; } = value;

    /// <summary>Whether both are the same token.</summary>
    public bool Is(CallerToken other) => Value == other.Value;
}
