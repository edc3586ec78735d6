using System.CommandLine;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Language()
    {
        var option = new Option<string>("--lang") { Description = "Language of texts for people.", HelpName = "en|ru", DefaultValueFactory = _ => "en" };
        option.AcceptOnlyFromAmong("en", "ru");
        return option;
    }

    public static Option<string?> Knowledge() =>
        new("--knowledge") { Description = "Directory with knowledge artifacts (FHIR R4 JSON) in place of the built-in ones.", HelpName = "DIR" };

    public static Option<FileInfo?> Output() =>
        new("--output", "-o") { Description = "File for the output, in place of standard output.", HelpName = "FILE" };

    public static Option<string> Format(string description, params string[] formats)
    {
        var option = new Option<string>("--format", "-f") { Description = description, HelpName = string.Join('|', formats), DefaultValueFactory = _ => formats[0] };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    public static Language LanguageOf(string code) => code == "ru" ? Reasoning.Knowing.Language.Russian : Reasoning.Knowing.Language.English;
}
