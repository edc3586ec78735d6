namespace FhirMg.Fhir.Servers;

/// <summary>How we identify ourselves to a server.</summary>
public enum ServerAuth
{
    /// <summary>Not at all, or by <see cref="FhirServerOptions.Headers"/> alone.</summary>
    None,

    /// <summary>SMART Backend Services: a client of our own with a private key or secret.</summary>
    BackendServices,

    /// <summary>Only with the token of a launched user or of a CDS Hooks caller.</summary>
    SmartOnly,
}

/// <summary>What may be written to a server: an upper bound, which what the server can do lowers.</summary>
public enum WritePolicy
{
    /// <summary>Nothing: reports only.</summary>
    Report,

    /// <summary>Nothing by us: suggestions that a person accepts.</summary>
    Suggest,

    /// <summary>Proposals, as drafts.</summary>
    Write,
}

/// <summary>A FHIR R4 server as configured (<c>FhirMg:Servers:N</c>).</summary>
public sealed record FhirServerOptions
{
    /// <summary>Its name, for logs and messages.</summary>
    public required string Name { get; init; }

    /// <summary>The FHIR R4 base; nothing outside it is ever called with its token.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>
    /// Where the server keeps export jobs and their files, when that is not below its base (Bulk Data; some vendors keep them beside it);
    /// it gets the token too. Null for below the base only.
    /// </summary>
    public Uri? ExportBase { get; init; }

    /// <summary>How we identify ourselves.</summary>
    public ServerAuth Auth { get; init; }

    /// <summary>OAuth client id; needed with <see cref="ServerAuth.BackendServices"/>.</summary>
    public string? ClientId { get; init; }

    /// <summary>File of the client's private key, as JWK, JWK set or PEM (RS384, ES384).</summary>
    public string? PrivateKeyPath { get; init; }

    /// <summary>Client secret, where the server takes no keys; never logged.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Scopes to ask for; null for those that the data requirements and the write policy need (v2, then v1).</summary>
    public string? Scopes { get; init; }

    /// <summary>What may be written.</summary>
    public WritePolicy WritePolicy { get; init; } = WritePolicy.Suggest;

    /// <summary>The whole time that one piece of work at the server may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Calls in flight to this server at once.</summary>
    public int MaxConcurrency { get; init; } = 16;

    /// <summary>The time that one attempt of one call may take, its body included.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The share of failed calls from which the circuit breaker opens for a while.</summary>
    public double BreakerFailureRatio { get; init; } = 0.8;

    /// <summary>How often a request that may be repeated is tried at most.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Retries that each request adds to the server's budget: retries never multiply an outage.</summary>
    public double RetryShare { get; init; } = 0.5;

    /// <summary>The largest answer that is read, in bytes.</summary>
    public long LargestAnswer { get; init; } = 256L * 1024 * 1024;

    /// <summary>PEM file of a private CA that the server's certificate may come from; null for the system's.</summary>
    public string? CaPath { get; init; }

    /// <summary>PEM file with a client certificate and its key, for mTLS; null for none.</summary>
    public string? ClientCertificatePath { get; init; }

    /// <summary>Headers added to every request to this server, such as a gateway's key; never logged.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What keeps the options from being used; null when nothing does.</summary>
    public string? Problem() =>
        !BaseUrl.IsAbsoluteUri || (BaseUrl.Scheme != Uri.UriSchemeHttp && BaseUrl.Scheme != Uri.UriSchemeHttps) ? "BaseUrl must be an http or https url"
        : ExportBase is { } export && (!export.IsAbsoluteUri || (export.Scheme != Uri.UriSchemeHttp && export.Scheme != Uri.UriSchemeHttps) || export.Query.Length > 0 || export.Fragment.Length > 0)
            ? "ExportBase must be an http or https url without a query"
        : ExportBase is { Scheme: "http" } && BaseUrl.Scheme == Uri.UriSchemeHttps ? "ExportBase must be https like BaseUrl"
        : BaseUrl.Query.Length > 0 || BaseUrl.Fragment.Length > 0 ? "BaseUrl must have no query"
        : Auth == ServerAuth.BackendServices && string.IsNullOrEmpty(ClientId) ? "ClientId is needed with backend-services"
        : Auth == ServerAuth.BackendServices && PrivateKeyPath is null && ClientSecret is null ? "PrivateKeyPath or ClientSecret is needed with backend-services"
        : MaxConcurrency < 1 ? "MaxConcurrency must be at least 1"
        : Deadline <= TimeSpan.Zero || AttemptTimeout <= TimeSpan.Zero ? "Deadline and AttemptTimeout must be positive"
        : null;

    /// <summary>Whether an url is the server's own: scheme, host and port of its base, or of its <see cref="ExportBase"/>, and below that one's path.</summary>
    public bool Owns(Uri url) => IsBelow(url, Root) || (ExportBase is { } export && IsBelow(url, WithSlash(export)));

    /// <summary>The base with a slash at its end, so that relative urls are below it.</summary>
    internal Uri Root => WithSlash(BaseUrl);

    private static bool IsBelow(Uri url, Uri root) =>
        Uri.Compare(url, root, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
        && (url.AbsolutePath.StartsWith(root.AbsolutePath, StringComparison.Ordinal) || url.AbsolutePath == root.AbsolutePath.TrimEnd('/'));

    private static Uri WithSlash(Uri url) => url.AbsoluteUri.EndsWith('/') ? url : new($"{url.AbsoluteUri}/");
}
