namespace FhirMg.Service.Sessions;

/// <summary>The session's token is over and cannot be renewed: the person has to authorize again, at <see cref="LaunchPaths.Reauthorize"/>.</summary>
internal sealed class ReauthorizationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ReauthorizationException()
        : this("the session's token cannot be renewed: the user has to authorize again")
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public ReauthorizationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and cause.</summary>
    public ReauthorizationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
