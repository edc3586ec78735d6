using System.CommandLine;
using System.CommandLine.Parsing;

namespace FhirMg.Cli.Servers;

/// <summary>The options of <c>fhirmg evaluate --server</c> and <c>fhirmg screen --server</c>.</summary>
/// <param name="isPopulation">Whether a population is asked for, and not patients one by one.</param>
internal sealed class ServerOptions(bool isPopulation = false)
{
    public const string WriteName = "--write";
    private const string SecretVariable = "FHIRMG_CLIENT_SECRET";
    private const int DefaultDeadline = 30;
    private const int LongestDeadline = 3600;
    private const int MostConcurrency = 256;

    private readonly Option<string?> _server = new("--server") { Description = "FHIR R4 base of a server to read the patients from, in place of files (docs/servers.md).", HelpName = "URL" };

    private readonly Option<string[]> _identifiers = new("--identifier") { Description = "With --server: the patient who has this identifier; may be repeated.", HelpName = "SYSTEM|VALUE" };

    private readonly Option<string?> _patients = new("--patients") { Description = "With --server: file with one id, or system|value, a line; - is standard input.", HelpName = "FILE|-" };

    private readonly Option<bool> _write = new(WriteName) { Description = "With --server: write the drafts to the server. Without it, it is only told what would be written." };

    private readonly Option<string?> _policy = new("--write-policy") { Description = "With --server: what may be written at most (write).", HelpName = "write|suggest|report" };

    private readonly Option<string?> _clientId = new("--client-id") { Description = "Client id of SMART Backend Services.", HelpName = "ID" };

    private readonly Option<string?> _key = new("--key") { Description = "The client's private key: JWK, JWK set or PEM.", HelpName = "FILE" };

    private readonly Option<string?> _secret = new("--client-secret-file") { Description = $"File with the client's secret; or set {SecretVariable}.", HelpName = "FILE" };

    private readonly Option<string?> _scopes = new("--scopes") { Description = "Scopes to ask for, in place of those that are needed.", HelpName = "SCOPES" };

    private readonly Option<string[]> _headers = new("--header") { Description = "Header for every request; a secret one comes from a file. May be repeated.", HelpName = "Name: value|@FILE" };

    private readonly Option<string?> _ca = new("--ca") { Description = "PEM file of the authority that the server's certificate comes from.", HelpName = "FILE" };

    private readonly Option<string?> _certificate = new("--client-certificate") { Description = "PEM file with a client certificate and its key (mTLS).", HelpName = "FILE" };

    private readonly Option<int?> _deadline = new("--deadline") { Description = $"Seconds that reading one patient may take ({DefaultDeadline}).", HelpName = "SECONDS" };

    private readonly Option<int?> _concurrency = new("--max-concurrency") { Description = "Calls in flight at once (16).", HelpName = "N" };

    private readonly Option<string?> _exportBase = new("--export-base") { Description = "Where the server keeps export jobs and files, when that is not below --server; it gets the token too.", HelpName = "URL" };

    private Option[] All =>
        [_server, .. isPopulation ? (Option[])[_exportBase] : [_identifiers, _patients], _write, _policy, _clientId, _key, _secret, _scopes, _headers, _ca, _certificate, _deadline, _concurrency];

    public void AddTo(Command command)
    {
        _policy.AcceptOnlyFromAmong(ServerRequest.PolicyWrite, ServerRequest.PolicySuggest, ServerRequest.PolicyReport);
        Limit(_deadline, LongestDeadline);
        Limit(_concurrency, MostConcurrency);
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What is asked of a server; null where none is named.</summary>
    /// <exception cref="UsageException">The options do not go together.</exception>
    /// <exception cref="InputException">A file that an option names cannot be used.</exception>
    public ServerRequest? Read(ParseResult parsed, IReadOnlyCollection<string> inputs, bool hasPlot)
    {
        if (parsed.GetValue(_server) is not { } address)
        {
            return All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } alone
                ? throw new UsageException($"{alone.Name} needs --server URL")
                : null;
        }

        var request = Read(parsed, ServerAddress.Parse(address));
        Check(request, parsed, inputs, hasPlot);
        return request;
    }

    private ServerRequest Read(ParseResult parsed, Uri url)
    {
        var secretFile = parsed.GetValue(_secret);
        var key = parsed.GetValue(_key);
        var id = parsed.GetValue(_clientId);
        var variable = id is null || key is not null ? null : Environment.GetEnvironmentVariable(SecretVariable);
        return new()
        {
            Url = url,
            ExportBase = isPopulation && parsed.GetValue(_exportBase) is { } exportBase ? ServerAddress.Parse(exportBase, _exportBase.Name) : null,
            IsPopulation = isPopulation,
            Patients = isPopulation ? [] : AskedPatients.Read(parsed),
            Write = parsed.GetValue(_write),
            WritePolicy = parsed.GetValue(_policy) ?? ServerRequest.PolicyWrite,
            ClientId = id,
            KeyPath = key,
            ClientSecret = secretFile is not null ? SecretFile.Read(_secret.Name, secretFile) : string.IsNullOrEmpty(variable) ? null : variable,
            Scopes = parsed.GetValue(_scopes),
            Headers = [.. (parsed.GetValue(_headers) ?? []).Select(HeaderOption.Parse)],
            CaPath = parsed.GetValue(_ca),
            ClientCertificatePath = parsed.GetValue(_certificate),
            Deadline = TimeSpan.FromSeconds(parsed.GetValue(_deadline) ?? DefaultDeadline),
            MaxConcurrency = parsed.GetValue(_concurrency),
        };
    }

    private void Check(ServerRequest request, ParseResult parsed, IReadOnlyCollection<string> inputs, bool hasPlot)
    {
        var problem = inputs.Count > 0 ? $"--server and files are two sources: leave one of them out ('{inputs.First()}')"
            : !isPopulation && request.Patients.Count == 0 ? "--server needs --patient ID, --identifier \"system|value\" or --patients FILE"
            : hasPlot && request.Patients.Count > 1 ? $"--plot draws one patient, and {request.Patients.Count} are asked for"
            : request.KeyPath is not null && parsed.GetValue(_secret) is not null ? "--key and --client-secret-file are two ways to prove who one is: leave one of them out"
            : request.ClientId is null && (request.KeyPath ?? request.ClientSecret ?? request.Scopes) is not null ? "--key, --client-secret-file and --scopes need --client-id ID"
            : request.ClientId is not null && request.KeyPath is null && request.ClientSecret is null ? $"--client-id needs --key FILE, --client-secret-file FILE or {SecretVariable}"
            : null;
        if (problem is not null)
        {
            throw new UsageException(problem);
        }

        ServerAddress.RequireProtected(request.Url, request.ClientId is not null || request.Headers.Any(header => header.IsSecret));
    }

    private static void Limit(Option<int?> option, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var number) || number < 1 || number > most))
        {
            result.AddError($"{option.Name}: '{token.Value}' is no whole number from 1 to {most}");
        }
    });
}
