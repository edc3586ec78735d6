namespace FhirMg.Service.Configuration;

/// <summary>A FHIR server as configured: <c>FhirMg:Servers:N</c>.</summary>
internal sealed record ServerSettings
{
    /// <summary>Its name, for logs and messages.</summary>
    public string? Name { get; init; }

    /// <summary>The FHIR R4 base.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Where the server keeps export jobs and their files, when not below its base; it gets the token too. Null for below the base only.</summary>
    public Uri? ExportBase { get; init; }

    /// <summary><c>none</c>, <c>backend-services</c> or <c>smart-only</c>.</summary>
    public string Auth { get; init; } = "none";

    /// <summary>OAuth client id.</summary>
    public string? ClientId { get; init; }

    /// <summary>File of the client's private key, as JWK, JWK set or PEM.</summary>
    public string? PrivateKeyPath { get; init; }

    /// <summary>Client secret; never logged.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Scopes to ask for, in place of those that the data requirements need.</summary>
    public string? Scopes { get; init; }

    /// <summary><c>write</c>, <c>suggest</c> or <c>report</c>: an upper bound.</summary>
    public string WritePolicy { get; init; } = "suggest";

    /// <summary>Who may call CDS Hooks for this server.</summary>
    public IReadOnlyList<CdsClientSettings> CdsClients { get; init; } = [];

    /// <summary>Whether CDS Hooks may be called without a token; for testing only.</summary>
    public bool AllowUnauthenticatedCds { get; init; }

    /// <summary>Language of texts: <c>en</c> or <c>ru</c>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>How old a current result may be, in days; null for what the knowledge says.</summary>
    public int? LookBackDays { get; init; }

    /// <summary>The hospital's own codes, as <c>system|code</c>, by name of the value set.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AdditionalCodes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whole budget of one request, e.g. <c>00:00:05</c>.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Calls in flight to this server.</summary>
    public int MaxConcurrency { get; init; } = 16;

    /// <summary>PEM file of a private authority.</summary>
    public string? CaPath { get; init; }

    /// <summary>PEM file with a client certificate and its key.</summary>
    public string? ClientCertificatePath { get; init; }

    /// <summary>Headers for every request, such as a gateway's key; never logged.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>A CDS Hooks client that may call for a server: <c>FhirMg:Servers:N:CdsClients:M</c>.</summary>
internal sealed record CdsClientSettings
{
    /// <summary>The <c>iss</c> of its tokens.</summary>
    public string? Issuer { get; init; }

    /// <summary>Where its keys are; also the only <c>jku</c> that its tokens may name.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>File with its keys, in place of <see cref="JwksUri"/>.</summary>
    public string? JwksPath { get; init; }

    /// <summary>The <c>aud</c> of its tokens; null for the exact url of the service called.</summary>
    public string? Audience { get; init; }

    /// <summary>How far ahead a token's <c>exp</c> may lie, at most 15 minutes.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromMinutes(5);
}
