namespace FhirMg.Sandbox;

/// <summary>Where the sandbox is reached; known once it listens.</summary>
internal sealed class ServerAddress
{
    /// <summary>The FHIR base, without a slash at its end.</summary>
    public string FhirBase { get; set; } = "";

    /// <summary>The issuer, without a slash at its end.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The web address of the hospital, without a slash at its end.</summary>
    public string Root { get; set; } = "";

    /// <summary>Takes the addresses from the ports that are listened at.</summary>
    public void Take(SandboxOptions options, IReadOnlyList<int> ports)
    {
        Root = $"http://{options.Host}:{ports[0]}";
        FhirBase = Root + Fhir.FhirEndpoints.Path;
        Issuer = $"http://{options.AuthorizationHost ?? options.Host}:{ports[^1]}/auth";
    }

    /// <summary>A reference or url without this server's base, version and query.</summary>
    public string Relative(string reference)
    {
        var text = reference.StartsWith(FhirBase + "/", StringComparison.Ordinal) ? reference[(FhirBase.Length + 1)..] : reference;
        var history = text.IndexOf("/_history/", StringComparison.Ordinal);
        return history < 0 ? text : text[..history];
    }
}
