namespace FhirMg.Cli;

/// <summary>Where outputs go: standard output, or a file.</summary>
internal static class OutputFile
{
    /// <summary>Writes to the file, or to standard output when there is none.</summary>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public static void Write(FileInfo? file, Action<Stream> write)
    {
        try
        {
            if (file is null)
            {
                using var output = Console.OpenStandardOutput();
                write(output);
                return;
            }

            // Made as a whole first: a failure leaves no half report behind.
            using var content = new MemoryStream();
            write(content);
            File.WriteAllBytes(file.FullName, content.GetBuffer().AsSpan(0, (int)content.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{file?.ToString() ?? "standard output"}: it cannot be written: {e.Message} Check that the directory exists and that you may write there", e);
        }
    }
}
