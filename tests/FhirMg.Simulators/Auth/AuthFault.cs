namespace FhirMg.Simulators;

/// <summary>What goes wrong at the token endpoint.</summary>
public enum AuthFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>500 with an HTML page: a crashed authorization server.</summary>
    ServerError,

    /// <summary>503 with <c>Retry-After: 1</c>: an overloaded one.</summary>
    Unavailable,

    /// <summary>The answer comes only after <see cref="AuthServer.SlowBy"/>.</summary>
    Slow,

    /// <summary>200 with a body that is not JSON.</summary>
    InvalidJson,

    /// <summary>A token without <c>expires_in</c>, which OAuth only recommends.</summary>
    NoExpiresIn,

    /// <summary><c>expires_in</c> as a text, as some vendors send it.</summary>
    ExpiresInAsText,

    /// <summary>A token without <c>scope</c>: the grant is to be read as what was asked.</summary>
    NoScope,

    /// <summary>200 with JSON that holds no <c>access_token</c>.</summary>
    NoAccessToken,

    /// <summary><c>token_type</c> in lower case, as RFC 6749 allows.</summary>
    LowerCaseTokenType,
}
