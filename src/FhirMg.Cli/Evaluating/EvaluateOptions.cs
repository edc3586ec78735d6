using System.CommandLine;
using System.CommandLine.Parsing;
using FhirMg.Cli.Servers;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Evaluating;

/// <summary>The options of <c>fhirmg evaluate</c>.</summary>
internal sealed class EvaluateOptions(TimeProvider time)
{
    private readonly Argument<string[]> _inputs = new("FILE|DIR|-")
    {
        Description = "FHIR R4 JSON: bundles, single resources or NDJSON; directories are searched for *.json, *.ndjson and *.jsonl; - is standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _patients = new("--patient", "-p") { Description = "Evaluate only this patient (p1 or Patient/p1); with --server, read this patient. May be repeated.", HelpName = "ID" };

    private readonly Option<string> _format = CommonOptions.Format(
        "table for reading, json for the report contract, fhir for a Bundle of FHIR R4 resources.", EvaluateFormat.All);

    private readonly Option<string> _language = CommonOptions.Language();

    private readonly Option<DateTimeOffset?> _asOf = new("--as-of")
    {
        Description = "The time to look at: a date (its start in UTC) or a dateTime with zone. Without it, now.",
        HelpName = "T",
        CustomParser = ReadAsOf,
    };

    private readonly Option<string?> _knowledge = CommonOptions.Knowledge();

    private readonly Option<AdditionalCode[]> _additionalCodes = new("--additional-code")
    {
        Description = "A code of your own in a value set, e.g. serum-magnesium=https://lab.example.org|MG; may be repeated.",
        HelpName = "VALUE-SET=SYSTEM|CODE",
        CustomParser = result => [.. result.Tokens.Select(token => ReadCode(token.Value, result)).OfType<AdditionalCode>()],
    };

    private readonly Option<Rule[]> _disabledRules = new("--disable-rule")
    {
        Description = "Switch a recommendation off, e.g. RX-3; never a safety rule. May be repeated; every output says so.",
        HelpName = "RULE",
        CustomParser = result => [.. result.Tokens.SelectMany(token => ReadRule(token.Value, result))],
    };

    private readonly Option<FileInfo?> _plot = new("--plot") { Description = "Draw serum magnesium over time of one patient, as SVG or PNG.", HelpName = "FILE.svg|png" };

    private readonly Option<FileInfo?> _output = CommonOptions.Output();

    private readonly ServerOptions _server = new();

    public Command AddTo(Command command)
    {
        _plot.Validators.Add(result =>
        {
            if (result.Tokens is [var file] && !Plotting.PlotFile.IsKnown(file.Value))
            {
                result.AddError($"--plot: '{file.Value}' ends neither in .svg nor in .png");
            }
        });
        command.Arguments.Add(_inputs);
        foreach (var option in (Option[])[_patients, _format, _language, _asOf, _knowledge, _additionalCodes, _disabledRules, _plot, _output])
        {
            command.Options.Add(option);
        }

        _server.AddTo(command);
        return command;
    }

    public EvaluateRequest Read(ParseResult parsed) => new()
    {
        Inputs = parsed.GetValue(_inputs) ?? [],
        Patients = parsed.GetValue(_patients) ?? [],
        Format = parsed.GetValue(_format)!,
        Language = CommonOptions.LanguageOf(parsed.GetValue(_language)!),
        AsOf = parsed.GetValue(_asOf) ?? time.GetUtcNow(),
        KnowledgeFolder = parsed.GetValue(_knowledge),
        AdditionalCodes = parsed.GetValue(_additionalCodes) ?? [],
        DisabledRules = RuleSet.Of(parsed.GetValue(_disabledRules) ?? []),
        Plot = parsed.GetValue(_plot),
        Output = parsed.GetValue(_output),
        Server = _server.Read(parsed, parsed.GetValue(_inputs) ?? [], parsed.GetValue(_plot) is not null),
    };

    private static DateTimeOffset? ReadAsOf(ArgumentResult result)
    {
        if (AsOf.TryParse(result.Tokens[0].Value, out var asOf))
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
