using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Hooks.Discovery;

/// <summary>The prefetch of all tenants together, and the discovery that says so.</summary>
internal sealed class HookPrefetch
{
    private readonly byte[] _english;
    private readonly byte[] _russian;

    public HookPrefetch(TenantRegistry tenants)
    {
        Templates = PrefetchTemplate.Of([tenants.Knowledge, .. tenants.All.Select(tenant => tenant.Knowledge)]);
        _english = DiscoveryDocument.Write(Templates, tenants.Knowledge, Language.English);
        _russian = DiscoveryDocument.Write(Templates, tenants.Knowledge, Language.Russian);
    }

    public IReadOnlyList<PrefetchTemplate> Templates { get; }

    public ReadOnlyMemory<byte> Discovery(Language language) => language == Language.Russian ? _russian : _english;
}
