namespace FhirMg.Service.Configuration;

/// <summary>The service as configured: the section <c>FhirMg</c>.</summary>
internal sealed record ServiceOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "FhirMg";

    /// <summary>Where others reach this service; the base of its <c>aud</c>, redirect and JWKS urls. Null only in Development.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The path that a reverse proxy serves this service under; null for the root.</summary>
    public string? PathBase { get; init; }

    /// <summary>Where state is kept that no FHIR server holds.</summary>
    public StoreOptions Store { get; init; } = new();

    /// <summary>What encrypts the keys in the store.</summary>
    public DataProtectionSettings DataProtection { get; init; } = new();

    /// <summary>The FHIR servers; no other is ever called.</summary>
    public IReadOnlyList<ServerSettings> Servers { get; init; } = [];

    /// <summary>Ids of recommendations that this site has switched off.</summary>
    public IReadOnlyList<string> DisabledRules { get; init; } = [];

    /// <summary>Age in days at which feedback, access log and sessions are erased.</summary>
    public int RetentionDays { get; init; } = 365;

    /// <summary>Origins that may embed the web page.</summary>
    public IReadOnlyList<string> FrameAncestors { get; init; } = [];

    /// <summary>Screenings of whole populations.</summary>
    public ScreeningSettings Screenings { get; init; } = new();

    /// <summary>Who may call the FHIR endpoint, screenings and feedback summaries.</summary>
    public ApiOptions Api { get; init; } = new();

    /// <summary>What one caller may ask of the service.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">A value has not the form of its key; the message names the key.</exception>
    public static ServiceOptions Read(IConfigurationSection section)
    {
        try
        {
            // Of a list the binder silently leaves out what it cannot read: each part is read by itself, which tells.
            foreach (var server in section.GetSection(nameof(Servers)).GetChildren())
            {
                _ = server.Get<ServerSettings>();
                _ = server.GetSection(nameof(ServerSettings.CdsClients)).GetChildren().Select(client => client.Get<CdsClientSettings>()).Count(client => client is null);
            }

            return section.Get<ServiceOptions>() ?? new();
        }
        catch (InvalidOperationException e)
        {
            // The value stays out of the message: it may be a secret that was put at the wrong key.
            var key = e.Message.Split('\'').FirstOrDefault(part => part.StartsWith($"{Section}:", StringComparison.OrdinalIgnoreCase)) ?? Section;
            throw new ConfigurationException($"{key}: the value has not the form that is needed here: numbers as 365, times as 00:00:05, switches as true or false, urls whole", e);
        }
    }
}

/// <summary>Where the service keeps its state.</summary>
internal sealed record StoreOptions
{
    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public string Provider { get; init; } = "sqlite";

    /// <summary>Connection string; null for a SQLite file under <c>data/</c>.</summary>
    public string? ConnectionString { get; init; }
}

/// <summary>Who may call the API: bearer tokens of an authority.</summary>
internal sealed record ApiOptions
{
    /// <summary>The authority that issues the tokens (OpenID Connect discovery); null for nobody outside Development.</summary>
    public Uri? Authority { get; init; }

    /// <summary>The audience that a token must name.</summary>
    public string? Audience { get; init; }

    /// <summary>The scope that a token must have; null for none.</summary>
    public string? RequiredScope { get; init; }
}
