namespace FhirMg.Reasoning.Reading;

/// <summary>Input that could not be read: the work on the rest goes on.</summary>
/// <param name="Source">The file, or <c>-</c> for standard input.</param>
/// <param name="Line">Line, from 1; null when the whole source is meant.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Advice">What to do.</param>
public sealed record ReadFault(string Source, long? Line, string Problem, string Advice)
{
    /// <inheritdoc/>
    public override string ToString() => Line is { } line ? $"{Source}, line {line}: {Problem}. {Advice}" : $"{Source}: {Problem}. {Advice}";
}
