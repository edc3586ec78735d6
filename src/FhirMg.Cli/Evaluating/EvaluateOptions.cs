using System.CommandLine;
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

    private readonly Option<DateTimeOffset?> _asOf = CommonOptions.AsOf();

    private readonly Option<string?> _knowledge = CommonOptions.Knowledge();

    private readonly Option<AdditionalCode[]> _additionalCodes = CommonOptions.AdditionalCodes();

    private readonly Option<Rule[]> _disabledRules = CommonOptions.DisabledRules();

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
}
