namespace FhirMg.Cli;

/// <summary>What the terminal can do.</summary>
internal static class Terminal
{
    // Wide enough for a line of text, narrow enough to read and to print.
    public const int FileWidth = 100;
    private const int NarrowestWidth = 60;
    private const int WidestWidth = 140;

    /// <summary>Columns for text on standard output.</summary>
    public static int Width => Console.IsOutputRedirected ? FileWidth : Math.Clamp(WindowWidth(), NarrowestWidth, WidestWidth);

    /// <summary>Whether standard output shows colours, and nobody asked for none (NO_COLOR).</summary>
    public static bool HasColor => !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth - 1;
        }
        catch (IOException)
        {
            return FileWidth;
        }
    }
}
