using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Configuration;

namespace FhirMg.Service.Tenants;

/// <summary>A hospital that is served: its FHIR server, and everything that is configured for it.</summary>
internal sealed class Tenant
{
    /// <summary>Creates the tenant.</summary>
    public Tenant(FhirServer server, ServerSettings settings, Knowledge knowledge)
    {
        (Server, Settings) = (server, settings);
        foreach (var (set, codes) in settings.AdditionalCodes)
        {
            foreach (var parts in codes.Select(code => code.Split('|')))
            {
                knowledge = knowledge.WithCode(set, parts[0], parts[1]);
            }
        }

        Knowledge = settings.LookBackDays is { } days ? knowledge.WithLookBack(TimeSpan.FromDays(days)) : knowledge;
    }

    /// <summary>Its name, for logs and messages.</summary>
    public string Name => Options.Name;

    /// <summary>Its FHIR server; <see cref="FhirServer.As"/> calls it with somebody's token.</summary>
    public FhirServer Server { get; }

    /// <summary>How the server is called.</summary>
    public FhirServerOptions Options => Server.Options;

    /// <summary>The settings that it was made from: its CDS clients among them.</summary>
    public ServerSettings Settings { get; }

    /// <summary>The knowledge with its own codes and look-back, and without what the site has switched off.</summary>
    public Knowledge Knowledge { get; }

    /// <summary>Language of texts, where a request asks for none.</summary>
    public Language Language => Settings.Language == "ru" ? Language.Russian : Language.English;
}
