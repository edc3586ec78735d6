namespace FhirMg.Cli.Inputs;

/// <summary>One source to read.</summary>
/// <param name="Path">The file as it was named or found; <see cref="StandardInput"/> for standard input.</param>
/// <param name="FromDirectory">Whether it was found in a directory, where files that are no FHIR resource are passed over.</param>
internal sealed record InputSource(string Path, bool FromDirectory)
{
    /// <summary>How the command line names standard input.</summary>
    public const string StandardInput = "-";
}
