using FhirMg.Sandbox.Authorization;
using FhirMg.Sandbox.Faults;

namespace FhirMg.Sandbox;

/// <summary>How the simulated hospital is set up.</summary>
public sealed record SandboxOptions
{
    /// <summary>The port to listen at; 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>The host of its addresses, on this machine: <c>127.0.0.1</c> or <c>localhost</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>A second port for the authorization server, so that it stands on another origin than FHIR, and neither answers for the other; null: the same; 0: a free one.</summary>
    public int? AuthorizationPort { get; init; }

    /// <summary>Another host for the authorization server, such as <c>localhost</c>; null: <see cref="Host"/>.</summary>
    public string? AuthorizationHost { get; init; }

    /// <summary>Folder of FHIR bundles (JSON) to load, searched with its sub-folders; null: the samples that come with the program.</summary>
    public string? Samples { get; init; }

    /// <summary>The registered clients; more can be registered later.</summary>
    public IReadOnlyList<SandboxClient> Clients { get; init; } = [];

    /// <summary>Base URL of the CDS service whose hooks the EHR page fires (it has <c>/cds-services</c> below it); null: none yet.</summary>
    public Uri? CdsServices { get; init; }

    /// <summary>The launch URL of the app that the EHR page launches; null: none yet.</summary>
    public Uri? AppLaunchUrl { get; init; }

    /// <summary>The client id of the CDS service, which the tokens that hooks carry are for (<c>fhirAuthorization.subject</c>).</summary>
    public string CdsClientId { get; init; } = "fhirmg";

    /// <summary>Whether the FHIR endpoint asks for a token and enforces its scopes; false: it is open.</summary>
    public bool RequireToken { get; init; }

    /// <summary>Whether users are asked before an app launched from the EHR gets its scopes; false: granted at once. A standalone launch always asks.</summary>
    public bool AskConsent { get; init; }

    /// <summary>How long access tokens last (10 minutes).</summary>
    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The habits of the authorization server at the start.</summary>
    public SmartSwitches Smart { get; init; } = new();

    /// <summary>The faults and vendor profile at the start.</summary>
    public FaultSwitches Faults { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
