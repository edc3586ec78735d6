namespace FhirMg.Simulators;

/// <summary>One vendor's FHIR server as a set of quirks, each switchable with <c>with { … }</c>.</summary>
/// <param name="Name">The vendor.</param>
/// <param name="BasePath">Path of the FHIR base, with a slash in front unless empty.</param>
public sealed record VendorProfile(string Name, string BasePath)
{
    /// <summary>What it can do per resource type; types not named are 404.</summary>
    public required IReadOnlyDictionary<string, TypeSupport> Types { get; init; }

    /// <summary>How its next links are written.</summary>
    public LinkStyle Links { get; init; } = LinkStyle.Absolute;

    /// <summary>Query of its next links; <c>{0}</c> is the opaque token.</summary>
    public string PageQuery { get; init; } = "_page={0}";

    /// <summary>Whether next links point at the base (HAPI's <c>?_getpages=</c>) instead of the type.</summary>
    public bool PagesAtBase { get; init; }

    /// <summary>Entries per page without <c>_count</c>.</summary>
    public int DefaultCount { get; init; } = 20;

    /// <summary>The most entries per page, whatever <c>_count</c> says.</summary>
    public int MaxCount { get; init; } = 1000;

    /// <summary>What <c>Bundle.total</c> says.</summary>
    public TotalStyle Total { get; init; } = TotalStyle.Accurate;

    /// <summary>Searchset entries carry <c>search.mode</c>.</summary>
    public bool SearchMode { get; init; } = true;

    /// <summary>An informational OperationOutcome entry stands in every searchset.</summary>
    public bool OutcomeEntries { get; init; }

    /// <summary>What happens to search parameters that are not known.</summary>
    public UnknownParameters Unknown { get; init; } = UnknownParameters.Refused;

    /// <summary>What error bodies look like.</summary>
    public ErrorStyle Errors { get; init; } = ErrorStyle.OperationOutcome;

    /// <summary>What happens to codes of Observations.</summary>
    public CodeStyle Codes { get; init; } = CodeStyle.Standard;

    /// <summary>Transactions are accepted.</summary>
    public bool Transactions { get; init; }

    /// <summary>The most entries of a transaction with conditional creates (Medplum: 8); null for no limit.</summary>
    public int? MaxConditionalTransaction { get; init; }

    /// <summary><c>_include</c> is carried out; otherwise it is a parameter that is not known.</summary>
    public bool Includes { get; init; }

    /// <summary><c>Patient/{id}/$everything</c> answers.</summary>
    public bool Everything { get; init; }

    /// <summary>Only reads and <c>$everything</c> work; every search is refused (some gateways).</summary>
    public bool EverythingOnly { get; init; }

    /// <summary>A create or update is answered without a body; the new id is in <c>Location</c>.</summary>
    public bool EmptyWriteAnswers { get; init; }

    /// <summary>Extensions are dropped from what is written: a server that keeps only what its own model knows.</summary>
    public bool DropsExtensions { get; init; }

    /// <summary>Status of an update whose <c>If-Match</c> does not match: 412, or 409.</summary>
    public int VersionConflict { get; init; } = 412;

    /// <summary>For how long a search does not see a write.</summary>
    public TimeSpan SearchLag { get; init; }

    /// <summary>For how long concurrent conditional creates do not see each other, and so duplicate.</summary>
    public TimeSpan ConditionalRace { get; init; }

    /// <summary>Every n-th request is answered 429 with <c>x-ms-retry-after-ms</c> (0: none).</summary>
    public int ThrottleEvery { get; init; }

    /// <summary>Longer URLs are answered 414 (0: no limit).</summary>
    public int MaxUrlLength { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What a server can do with one resource type.</summary>
/// <param name="Search">The search parameters it knows; those not named are unknown to it.</param>
public sealed record TypeSupport(params IReadOnlyList<string> Search)
{
    /// <summary>Accepts creates and updates.</summary>
    public bool Write { get; init; }

    /// <summary>Searches need one parameter of each of these groups, such as <c>patient|_id</c> and <c>category|code</c>.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What a create must hold, as <c>element=value|value</c>; otherwise 422.</summary>
    public IReadOnlyList<string> CreateOnly { get; init; } = [];
}
