namespace FhirMg.Fhir.Servers;

/// <summary>Why a server could not be used.</summary>
public enum ServerFault
{
    /// <summary>It did not answer, or not in time, or only with errors of its own.</summary>
    Unavailable,

    /// <summary>It answered that we may not, or that it cannot.</summary>
    Refused,

    /// <summary>Its answer could not be read.</summary>
    Unreadable,
}

/// <summary>A server could not be used; the message says what, where and what to do, without data of a patient or a secret.</summary>
public sealed class FhirServerException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FhirServerException()
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public FhirServerException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and cause.</summary>
    public FhirServerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception of a server.</summary>
    public FhirServerException(string server, ServerFault fault, string problem, Exception? innerException = null)
        : base($"{server}: {problem}", innerException) => Fault = fault;

    /// <summary>Why the server could not be used.</summary>
    public ServerFault Fault { get; }

    /// <summary>The HTTP status, where one came; else null.</summary>
    public int? Status { get; init; }
}
