namespace FhirMg.Service.Launch;

/// <summary>A launch that does not go on; the person is told so on a page.</summary>
internal sealed class LaunchException : Exception
{
    /// <summary>Creates the exception of a launch that failed for no known reason.</summary>
    public LaunchException()
        : this(StatusCodes.Status500InternalServerError, "app-failed")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="wording">Code of the wording that says what happened.</param>
    public LaunchException(string wording)
        : this(StatusCodes.Status400BadRequest, wording)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public LaunchException(string wording, Exception innerException)
        : base(wording, innerException) => (Status, Wording) = (StatusCodes.Status502BadGateway, wording);

    /// <summary>Creates the exception.</summary>
    /// <param name="status">HTTP status of the page.</param>
    /// <param name="wording">Code of the wording that says what happened.</param>
    public LaunchException(int status, string wording)
        : base(wording) => (Status, Wording) = (status, wording);

    /// <summary>HTTP status of the page.</summary>
    public int Status { get; }

    /// <summary>Code of the wording that says what happened.</summary>
    public string Wording { get; }

    /// <summary>What the server said, as it said it: shown to the person as text, never logged. Null for nothing.</summary>
    public string? Said { get; init; }

    /// <summary>What is logged of it: nothing of a patient, nothing secret.</summary>
    public string? Detail { get; init; }
}
