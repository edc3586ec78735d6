using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Plotting;

/// <summary>Writes the plot of a patient; the file's ending says in which form.</summary>
internal static class PlotFile
{
    private const string Svg = ".svg";
    private const string Png = ".png";

    public static bool IsKnown(string file) => Has(file, Svg) || Has(file, Png);

    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(FileInfo file, Assessment assessment, Language language)
    {
        var picture = SerumPlot.Draw(assessment, new(assessment.Knowledge, language));
        if (Has(file.Name, Svg))
        {
            OutputFile.Write(file, output => SvgWriter.Write(output, picture));
        }
        else
        {
            OutputFile.Write(file, output => PngWriter.Write(output, picture));
        }
    }

    private static bool Has(string file, string ending) => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
