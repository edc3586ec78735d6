namespace FhirMg.Service.Errors;

/// <summary>A request that cannot be answered as asked. It becomes an OperationOutcome where FHIR is spoken, problem details elsewhere.</summary>
internal sealed class RequestException : Exception
{
    /// <summary>Creates the exception.</summary>
    public RequestException()
        : this(StatusCodes.Status500InternalServerError, "exception", "the request failed")
    {
    }

    /// <summary>Creates the exception of a request that is wrong.</summary>
    public RequestException(string message)
        : this(StatusCodes.Status400BadRequest, "invalid", message)
    {
    }

    /// <summary>Creates the exception of a request that is wrong, with its cause.</summary>
    public RequestException(string message, Exception innerException)
        : base(message, innerException) => (Status, Code) = (StatusCodes.Status400BadRequest, "invalid");

    /// <summary>Creates the exception.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">FHIR's issue type, such as <c>not-found</c>.</param>
    /// <param name="message">What, where and what to do; no data of a patient, no token.</param>
    public RequestException(int status, string code, string message)
        : base(message) => (Status, Code) = (status, code);

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>FHIR's issue type.</summary>
    public string Code { get; }

    /// <summary>When the request may be sent again; null where repeating it helps nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
