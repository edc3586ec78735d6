namespace FhirMg.Sandbox.Authorization;

/// <summary>What a conformant authorization server may do in its own way, and apps have to live with; changed at any time.</summary>
public sealed record SmartSwitches
{
    /// <summary>The most that is granted of resources, scopes separated by spaces (<c>patient/*.rs patient/MedicationRequest.cu</c>); null: what is asked for.</summary>
    public string? Ceiling { get; init; }

    /// <summary>Whether <c>offline_access</c> and <c>online_access</c> are granted, with a refresh token.</summary>
    public bool GivesRefreshTokens { get; init; } = true;

    /// <summary>Whether each refresh gives a new refresh token and ends the old one; false: it stays good, and is not given again.</summary>
    public bool RotatesRefreshTokens { get; init; } = true;

    /// <summary>Whether <c>openid</c>, <c>fhirUser</c> and <c>profile</c> are granted, with an <c>id_token</c>.</summary>
    public bool GivesIdTokens { get; init; } = true;

    /// <summary>Whether the launch tells the patient; false: no <c>patient</c> in the token response, and <c>patient/</c> scopes open nothing.</summary>
    public bool TellsPatient { get; init; } = true;

    /// <summary>Whether token responses have <c>expires_in</c>.</summary>
    public bool TellsExpiry { get; init; } = true;

    /// <summary>Whether token responses and redirects have parameters of the server's own: texts, numbers, objects, lists, null.</summary>
    public bool AddsParameters { get; init; }

    /// <summary>Whether scopes of SMART v2 (<c>patient/Observation.rs</c>) are known; false: those of v1 alone.</summary>
    public bool KnowsVersion2 { get; init; } = true;

    /// <summary>Whether discovery says that PKCE is supported. It is asked for in any case.</summary>
    public bool AdvertisesPkce { get; init; } = true;

    /// <summary>Whether there is <c>.well-known/smart-configuration</c>; false: 404, and the CapabilityStatement alone names the endpoints.</summary>
    public bool HasSmartConfiguration { get; init; } = true;
}
