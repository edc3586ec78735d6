namespace FhirMg.Service.Launch;

/// <summary>What has to be known when the person comes back.</summary>
internal sealed record PendingLaunch
{
    /// <summary>Digest of the cookie of the browser that began it.</summary>
    public required string Cookie { get; init; }

    /// <summary>Name of the server.</summary>
    public required string Server { get; init; }

    /// <summary>The FHIR base as the EHR names it.</summary>
    public required string Audience { get; init; }

    /// <summary>The EHR's <c>launch</c> value; null for a standalone launch.</summary>
    public string? Launch { get; init; }

    /// <summary>The scopes asked for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Whether the resource scopes can still be asked for the v1 way, should the server not know these.</summary>
    public bool MayAskV1 { get; init; }

    /// <summary>The redirect uri of the request.</summary>
    public required Uri Redirect { get; init; }

    /// <summary>The PKCE code verifier.</summary>
    public required string Verifier { get; init; }

    /// <summary>The nonce that an id_token has to repeat.</summary>
    public required string Nonce { get; init; }

    /// <summary>The session that is authorized anew; null for a new one.</summary>
    public string? Handle { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(PendingLaunch);
}
