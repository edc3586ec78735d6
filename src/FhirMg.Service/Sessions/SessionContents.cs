namespace FhirMg.Service.Sessions;

/// <summary>What a launch is about; never changes.</summary>
internal sealed record SessionContext
{
    /// <inheritdoc cref="AppSession.Patient"/>
    public string? Patient { get; init; }

    /// <inheritdoc cref="AppSession.Encounter"/>
    public string? Encounter { get; init; }

    /// <inheritdoc cref="AppSession.User"/>
    public string? User { get; init; }

    /// <summary>Who signed in, by <c>iss</c> and <c>sub</c> of the id_token; null when there was none.</summary>
    public string? Subject { get; init; }

    /// <inheritdoc cref="AppSession.NeedsPatientBanner"/>
    public bool NeedsPatientBanner { get; init; } = true;

    /// <inheritdoc cref="AppSession.Intent"/>
    public string? Intent { get; init; }

    /// <inheritdoc cref="AppSession.StyleUrl"/>
    public Uri? StyleUrl { get; init; }

    /// <summary>The EHR's <c>launch</c> value; null for a standalone launch.</summary>
    public string? Launch { get; init; }

    /// <summary>The FHIR base as the EHR names it: the <c>aud</c> of authorizations.</summary>
    public required string Audience { get; init; }

    /// <summary>Whether both are about the same patient, and about one at all.</summary>
    public bool IsOfSamePatient(SessionContext other) => Patient is not null && Patient == other.Patient;

    /// <summary>
    /// Whether both are by the same person, as far as can be known. Where the server has named the person of one only, they are not the
    /// same; where it names nobody at all, the browser's cookie is all there is, and whoever has it has to do.
    /// </summary>
    public bool IsBySamePerson(SessionContext other) => Subject == other.Subject && User == other.User;
}

/// <summary>The tokens of a session.</summary>
/// <param name="Access">The access token.</param>
/// <param name="ExpiresAt">When it ends; null when not said.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="Refresh">The refresh token; null when there is none, or none any more.</param>
internal sealed record SessionTokens(string Access, DateTimeOffset? ExpiresAt, IReadOnlyList<string> Scopes, string? Refresh)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(SessionTokens);
}

/// <summary>What the page keeps.</summary>
/// <param name="Language"><inheritdoc cref="AppSession.Language"/></param>
/// <param name="Draft"><inheritdoc cref="AppSession.Draft"/></param>
internal sealed record SessionPage(string? Language, string? Draft);
