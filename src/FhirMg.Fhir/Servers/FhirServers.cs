namespace FhirMg.Fhir.Servers;

/// <summary>The configured servers, by name; there are no others.</summary>
public sealed class FhirServers(IEnumerable<FhirServer> servers)
{
    private readonly Dictionary<string, FhirServer> _servers = servers.ToDictionary(server => server.Options.Name, StringComparer.Ordinal);

    /// <summary>All servers.</summary>
    public IEnumerable<FhirServer> All => _servers.Values;

    /// <summary>The server of that name.</summary>
    /// <exception cref="KeyNotFoundException">None is configured by that name.</exception>
    public FhirServer this[string name] => _servers[name];
}
