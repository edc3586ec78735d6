namespace FhirMg.Screening;

/// <summary>A run cannot begin or go on; the message says what, where, and what to do.</summary>
public sealed class ScreeningException : Exception
{
    /// <summary>Without a message.</summary>
    public ScreeningException()
    {
    }

    /// <summary>With what, where, and what to do.</summary>
    public ScreeningException(string message)
        : base(message)
    {
    }

    /// <summary>With what, where, what to do, and the cause.</summary>
    public ScreeningException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
