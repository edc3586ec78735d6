namespace FhirMg.Fhir.Tokens;

/// <summary>No access token could be had; the message says from where, why, and what to do, and never holds a secret.</summary>
public sealed class TokenException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TokenException()
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public TokenException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and cause.</summary>
    public TokenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The HTTP status, where one came; else null.</summary>
    public int? Status { get; init; }

    /// <summary>The error code of OAuth 2.0 (RFC 6749 section 5.2), where the server gave one; else null.</summary>
    public string? Error { get; init; }

    /// <summary>Whether trying again later may help without anybody changing anything.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The host that failed, for logs.</summary>
    internal string? Host { get; init; }

    /// <summary>How long the server asked to wait.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
