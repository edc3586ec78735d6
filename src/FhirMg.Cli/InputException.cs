namespace FhirMg.Cli;

/// <summary>A file that an option names cannot be used; the message says which and what to do.</summary>
internal sealed class InputException : Exception
{
    public InputException()
    {
    }

    public InputException(string message)
        : base(message)
    {
    }

    public InputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
