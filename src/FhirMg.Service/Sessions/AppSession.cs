namespace FhirMg.Service.Sessions;

/// <summary>One launch of the app: one patient of one server, looked at by one person in one browser.</summary>
internal sealed record AppSession
{
    /// <summary>Names the session in urls, <c>/app/{handle}</c>; worth nothing without the browser's cookie.</summary>
    public required string Handle { get; init; }

    /// <summary>Name of the server.</summary>
    public required string Server { get; init; }

    /// <summary>Id of the patient; null when the server named none.</summary>
    public string? Patient { get; init; }

    /// <summary>Id of the encounter; null when the server named none.</summary>
    public string? Encounter { get; init; }

    /// <summary>Who launched it, relative to the server's base, such as <c>Practitioner/p1</c>; null when not said, or when it is no resource of the server.</summary>
    public string? User { get; init; }

    /// <summary>
    /// Whether the page shows who the patient is (<c>need_patient_banner</c>). True where the server did not say: a name too many
    /// is safer than one too few.
    /// </summary>
    public bool NeedsPatientBanner { get; init; } = true;

    /// <summary>What the app is meant to do (<c>intent</c>); null when not said.</summary>
    public string? Intent { get; init; }

    /// <summary>The server's style (<c>smart_style_url</c>), as said; null when not said.</summary>
    public Uri? StyleUrl { get; init; }

    /// <summary>The language chosen by the user on the page, <c>en</c> or <c>ru</c>; null when none was.</summary>
    public string? Language { get; init; }

    /// <summary>When the session ends, whatever its token does.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What the user has filled in and not sent yet, as the page wrote it; null for nothing. It outlives a new authorization.</summary>
    public string? Draft { get; init; }
}
