using System.CommandLine;
using System.CommandLine.Parsing;
using FhirMg.Cli.Inputs;

namespace FhirMg.Cli.Servers;

/// <summary>The patients that a command line asks for, in its order.</summary>
internal static class AskedPatients
{
    /// <exception cref="UsageException">One is not named as patients are.</exception>
    /// <exception cref="InputException">A list cannot be read.</exception>
    public static IReadOnlyList<AskedPatient> Read(ParseResult parsed)
    {
        var asked = new List<AskedPatient>();
        var option = "";
        foreach (var token in parsed.Tokens)
        {
            if (token.Type != TokenType.Option)
            {
                asked.AddRange(Of(option, token.Value));
            }

            option = token.Type == TokenType.Option ? token.Value : "";
        }

        return [.. asked.Distinct()];
    }

    private static IEnumerable<AskedPatient> Of(string option, string value) => option switch
    {
        "--patient" or "-p" => [AskedPatient.ById(value)],
        "--identifier" => [AskedPatient.ByIdentifier(value)],
        "--patients" => Lines(value).Select(line => line.Trim('\uFEFF', ' ', '\t')).Where(line => line.Length > 0)
            .Select(line => line.Contains('|', StringComparison.Ordinal) ? AskedPatient.ByIdentifier(line) : AskedPatient.ById(line)),
        _ => [],
    };

    private static string[] Lines(string file)
    {
        try
        {
            return (file == InputSource.StandardInput ? Console.In.ReadToEnd() : File.ReadAllText(file)).Split(['\r', '\n']);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--patients {file}: it cannot be read: {e.Message} Check that it exists and that you may read it", e);
        }
    }
}
