namespace FhirMg.Reasoning.Knowing;

/// <summary>The knowledge artifacts miss something or contradict themselves; nothing is evaluated by such knowledge.</summary>
public sealed class KnowledgeException : Exception
{
    /// <summary>Creates the exception.</summary>
    public KnowledgeException()
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public KnowledgeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and cause.</summary>
    public KnowledgeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Says which file and element is wrong, and how.</summary>
    internal static KnowledgeException At(string file, string element, string problem) => new($"{file}: {element}: {problem}");
}
