namespace FhirMg.Sandbox;

/// <summary>The sandbox cannot start as it was asked to; the message says why and what to change.</summary>
public sealed class SandboxException : Exception
{
    /// <summary>Without a reason.</summary>
    public SandboxException()
    {
    }

    /// <summary>With a reason.</summary>
    public SandboxException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and its cause.</summary>
    public SandboxException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
