namespace FhirMg.Simulators;

/// <summary>How an <see cref="AuthServer"/> behaves.</summary>
public sealed record AuthServerOptions
{
    /// <summary>Who may ask for tokens.</summary>
    public IReadOnlyList<AuthClient> Clients { get; init; } = [];

    /// <summary>How long tokens are good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Which scopes it understands.</summary>
    public ScopeDialect Scopes { get; init; } = ScopeDialect.Both;

    /// <summary>Where a client can learn the token endpoint.</summary>
    public SmartDiscovery Discovery { get; init; } = SmartDiscovery.WellKnown;

    /// <summary>The clock of assertions and tokens.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>Which scopes an authorization server understands; it leaves the others out of the grant.</summary>
public enum ScopeDialect
{
    /// <summary>Both forms, as servers in transition do.</summary>
    Both,

    /// <summary>Only <c>.read</c>, <c>.write</c>, <c>.*</c> (servers before SMART 2.0).</summary>
    V1,

    /// <summary>Only <c>.cruds</c> letters.</summary>
    V2,
}

/// <summary>Where a FHIR server says what its token endpoint is.</summary>
public enum SmartDiscovery
{
    /// <summary><c>/.well-known/smart-configuration</c> only.</summary>
    WellKnown,

    /// <summary>Only the CapabilityStatement's OAuth extension; the well-known file is 404 (servers before SMART 1.0).</summary>
    CapabilityStatement,

    /// <summary>Both.</summary>
    Both,
}
