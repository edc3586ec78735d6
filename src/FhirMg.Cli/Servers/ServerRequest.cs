namespace FhirMg.Cli.Servers;

/// <summary>Which server the command line asks, how it is spoken to, and whether it is written to.</summary>
internal sealed class ServerRequest
{
    public const string PolicyWrite = "write";
    public const string PolicySuggest = "suggest";
    public const string PolicyReport = "report";

    public required Uri Url { get; init; }

    /// <summary>Where export jobs and files are kept, when not below <see cref="Url"/>; null for below it only.</summary>
    public Uri? ExportBase { get; init; }

    /// <summary>Whether a population is asked for; then there are no <see cref="Patients"/>.</summary>
    public bool IsPopulation { get; init; }

    public required IReadOnlyList<AskedPatient> Patients { get; init; }

    public required bool Write { get; init; }

    /// <summary>What may be written at most: one of the policies.</summary>
    public required string WritePolicy { get; init; }

    public required string? ClientId { get; init; }

    public required string? KeyPath { get; init; }

    public required string? ClientSecret { get; init; }

    public required string? Scopes { get; init; }

    public required IReadOnlyList<HeaderOption> Headers { get; init; }

    public required string? CaPath { get; init; }

    public required string? ClientCertificatePath { get; init; }

    public required TimeSpan Deadline { get; init; }

    /// <summary>Calls in flight at once; null for the default.</summary>
    public required int? MaxConcurrency { get; init; }

    /// <summary>The server in messages: its host, with the port where it is not the usual one.</summary>
    public string Name => Url.Authority;

    /// <summary>The text without anything secret of this request, which servers may repeat.</summary>
    public string WithoutSecrets(string text) => Secrets().Where(secret => secret.Length > 0)
        .Aggregate(text, (rest, secret) => rest.Replace(secret, "\u2026", StringComparison.OrdinalIgnoreCase));

    private IEnumerable<string> Secrets() => Headers.Where(header => header.IsSecret).Select(header => header.Value)
        .Concat(ClientSecret is null ? [] : [ClientSecret])
        .SelectMany(secret => new[] { secret, Uri.EscapeDataString(secret), secret[(secret.LastIndexOf(' ') + 1)..] });
}
