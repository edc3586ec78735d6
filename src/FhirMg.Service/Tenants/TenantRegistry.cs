using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Configuration;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Tenants;

/// <summary>All that are served; there are no others.</summary>
internal sealed class TenantRegistry
{
    /// <summary>Builds the tenants from the configuration.</summary>
    public TenantRegistry(FhirServers servers, IOptions<ServiceOptions> options)
    {
        Knowledge = Knowledge.BuiltIn.Without(options.Value.DisabledRules.Aggregate(RuleSet.None, (rules, id) => RuleIds.TryParse(id, out var rule) ? rules.With(rule) : rules));
        All = [.. options.Value.Servers.Select(settings => new Tenant(servers[settings.Name!], settings, Knowledge))];
    }

    /// <summary>Every tenant, in the order of the configuration.</summary>
    public IReadOnlyList<Tenant> All { get; }

    /// <summary>The knowledge of this site, for what belongs to no tenant.</summary>
    public Knowledge Knowledge { get; }

    /// <summary>The tenant of that name; null when there is none.</summary>
    public Tenant? Find(string name) => All.FirstOrDefault(tenant => tenant.Name == name);

    /// <summary>The tenant whose FHIR base it is, a slash at the end apart; null when there is none.</summary>
    public Tenant? FindByBase(Uri fhirBase) =>
        fhirBase.IsAbsoluteUri ? All.FirstOrDefault(tenant => Plain(tenant.Options.BaseUrl) == Plain(fhirBase)) : null;

    /// <summary>The tenants that accept CDS Hooks calls of the issuer; none when nobody does.</summary>
    public IEnumerable<Tenant> FindByCdsIssuer(string issuer) => All.Where(tenant => tenant.Settings.CdsClients.Any(client => client.Issuer == issuer));

    private static string Plain(Uri url) => url.AbsoluteUri.TrimEnd('/');
}
