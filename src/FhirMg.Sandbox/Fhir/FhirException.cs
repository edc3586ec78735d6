namespace FhirMg.Sandbox.Fhir;

/// <summary>A request that is refused; answered as an OperationOutcome.</summary>
internal sealed class FhirException : BadHttpRequestException
{
    public FhirException()
        : this("The request is refused.")
    {
    }

    public FhirException(string message)
        : this(StatusCodes.Status400BadRequest, "invalid", message)
    {
    }

    public FhirException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The issue type (value set issue-type).</param>
    /// <param name="message">What, where and what to do.</param>
    public FhirException(int status, string code, string message)
        : base(message, status) => Code = code;

    public string Code { get; } = "invalid";

    public static FhirException Invalid(string message) => new(StatusCodes.Status400BadRequest, "invalid", message);

    public static FhirException NotSupported(string message) => new(StatusCodes.Status400BadRequest, "not-supported", message);

    public static FhirException NotFound(string message) => new(StatusCodes.Status404NotFound, "not-found", message);

    public static FhirException Forbidden(string message) => new(StatusCodes.Status403Forbidden, "forbidden", message);

    public static FhirException Condition(string message) => new(StatusCodes.Status412PreconditionFailed, "conflict", message);
}
