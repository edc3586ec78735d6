using System.CommandLine;
using System.CommandLine.Parsing;
using FhirMg.Reasoning.Evaluation;
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

    public static Option<DateTimeOffset?> AsOf() => new("--as-of")
    {
        Description = "The time to look at: a date (its start in UTC) or a dateTime with zone. Without it, now.",
        HelpName = "T",
        CustomParser = ReadAsOf,
    };

    public static Option<AdditionalCode[]> AdditionalCodes() => new("--additional-code")
    {
        Description = "A code of your own in a value set, e.g. serum-magnesium=https://lab.example.org|MG; may be repeated.",
        HelpName = "VALUE-SET=SYSTEM|CODE",
        CustomParser = result => [.. result.Tokens.Select(token => ReadCode(token.Value, result)).OfType<AdditionalCode>()],
    };

    public static Option<Rule[]> DisabledRules() => new("--disable-rule")
    {
        Description = "Switch a recommendation off, e.g. RX-3; never a safety rule. May be repeated; every output says so.",
        HelpName = "RULE",
        CustomParser = result => [.. result.Tokens.SelectMany(token => ReadRule(token.Value, result))],
    };

    public static Language LanguageOf(string code) => code == "ru" ? Reasoning.Knowing.Language.Russian : Reasoning.Knowing.Language.English;

    private static DateTimeOffset? ReadAsOf(ArgumentResult result)
    {
        if (Reasoning.Evaluation.AsOf.TryParse(result.Tokens[0].Value, out var asOf))
        {
            return asOf;
        }

        result.AddError($"--as-of: '{result.Tokens[0].Value}' is neither a FHIR date from 1900 on (2026-11-23) nor a dateTime with its zone (2026-11-23T08:30:00+03:00)");
        return null;
    }

    private static AdditionalCode? ReadCode(string text, ArgumentResult result)
    {
        var (name, rest) = Split(text, text.IndexOf('=', StringComparison.Ordinal));
        var (system, code) = Split(rest, rest.LastIndexOf('|'));
        if (name.Length > 0 && system.Length > 0 && code.Length > 0)
        {
            return new(name, system, code);
        }

        result.AddError($"--additional-code: '{text}' is not VALUE-SET=SYSTEM|CODE, for example serum-magnesium=https://lab.example.org|MG");
        return null;
    }

    private static IEnumerable<Rule> ReadRule(string text, ArgumentResult result)
    {
        if (RuleIds.TryParse(text, out var rule))
        {
            return [rule];
        }

        result.AddError($"--disable-rule: there is no rule '{text}'; 'fhirmg knowledge' lists them");
        return [];
    }

    private static (string Before, string After) Split(string text, int index) => index < 0 ? ("", "") : (text[..index], text[(index + 1)..]);
}
