using Hl7.Fhir.Model;

namespace FhirMg.Service.Operations;

/// <summary>A request that cannot be answered as asked: becomes an OperationOutcome with an HTTP status.</summary>
internal sealed class FhirProblemException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FhirProblemException()
        : this(StatusCodes.Status500InternalServerError, OperationOutcome.IssueType.Exception, "the request failed")
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public FhirProblemException(string message)
        : this(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Invalid, message)
    {
    }

    /// <summary>Creates the exception with its message and cause.</summary>
    public FhirProblemException(string message, Exception innerException)
        : base(message, innerException) => (Status, Issue) = (StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Invalid);

    /// <summary>Creates the exception.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="issue">What kind of problem it is.</param>
    /// <param name="message">What, where and what to do; no data of a patient.</param>
    public FhirProblemException(int status, OperationOutcome.IssueType issue, string message)
        : base(message) => (Status, Issue) = (status, issue);

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>What kind of problem it is.</summary>
    public OperationOutcome.IssueType Issue { get; }

    public static FhirProblemException NotFound(string message) => new(StatusCodes.Status404NotFound, OperationOutcome.IssueType.NotFound, message);

    public static FhirProblemException Invalid(string message) => new(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Invalid, message);

    public static FhirProblemException Required(string message) => new(StatusCodes.Status400BadRequest, OperationOutcome.IssueType.Required, message);
}
