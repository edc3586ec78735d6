using System.CommandLine;
using System.CommandLine.Parsing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;

namespace FhirMg.Cli.Screening;

/// <summary>The options of <c>fhirmg screen</c>.</summary>
internal sealed class ScreenOptions(TimeProvider time)
{
    private readonly Argument<string[]> _inputs = new("FILE|DIR|-")
    {
        Description = "NDJSON with one FHIR R4 resource a line, plain, gzip or zstd; directories are searched for *.ndjson and *.jsonl (also .gz, .zst); - is standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _out = new("--out") { Description = "Directory for the results; made when there is none.", HelpName = "DIR", DefaultValueFactory = _ => "screening" };

    private readonly Option<DateTimeOffset?> _asOf = CommonOptions.AsOf();

    private readonly Option<string> _language = CommonOptions.Language();

    private readonly Option<string?> _knowledge = CommonOptions.Knowledge();

    private readonly Option<AdditionalCode[]> _additionalCodes = CommonOptions.AdditionalCodes();

    private readonly Option<Rule[]> _disabledRules = CommonOptions.DisabledRules();

    private readonly Option<int> _threads = new("--threads") { Description = "Threads that read and evaluate; without it, one for each core.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };

    private readonly Option<long?> _maxMemory = new("--max-memory")
    {
        Description = "Memory to keep to, by bringing patients' facts to disk, e.g. 1g or 500m; without it, half of the machine's.",
        HelpName = "SIZE",
        CustomParser = ReadSize,
    };

    private readonly Option<int> _suppressBelow = new("--suppress-below")
    {
        Description = "Smallest count that the cohort study shows, zero aside; what could tell a smaller one is hidden too. 0 hides nothing: the study may then identify people.",
        HelpName = "N",
        DefaultValueFactory = _ => CohortOptions.DefaultSuppressBelow,
    };

    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with a run that was stopped, with the same inputs and the same --out." };

    private readonly PopulationOptions _population = new();

    public Command AddTo(Command command)
    {
        _threads.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var threads) || threads is < 1 or > 1024))
            {
                result.AddError($"--threads: '{token.Value}' is no number from 1 to 1024");
            }
        });
        _suppressBelow.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var least) || least is < 0 or > 1024))
            {
                result.AddError($"--suppress-below: '{token.Value}' is no number from 0 to 1024");
            }
        });
        command.Arguments.Add(_inputs);
        foreach (var option in (Option[])[_out, _asOf, _language, _knowledge, _additionalCodes, _disabledRules, _threads, _maxMemory, _suppressBelow, _resume])
        {
            command.Options.Add(option);
        }

        _population.AddTo(command);
        return command;
    }

    public ScreenRequest Read(ParseResult parsed) => new()
    {
        Inputs = parsed.GetValue(_inputs) ?? [],
        Out = parsed.GetValue(_out)!,
        AsOf = parsed.GetValue(_asOf) ?? time.GetUtcNow(),
        Language = CommonOptions.LanguageOf(parsed.GetValue(_language)!),
        KnowledgeFolder = parsed.GetValue(_knowledge),
        AdditionalCodes = parsed.GetValue(_additionalCodes) ?? [],
        DisabledRules = RuleSet.Of(parsed.GetValue(_disabledRules) ?? []),
        Threads = parsed.GetValue(_threads),
        MaxMemory = parsed.GetValue(_maxMemory),
        SuppressBelow = parsed.GetValue(_suppressBelow),
        Resume = parsed.GetValue(_resume),
        Population = _population.Read(parsed, parsed.GetValue(_inputs) ?? []),
    };

    private static long? ReadSize(ArgumentResult result)
    {
        const int Least = 100;
        var text = result.Tokens[0].Value;
        var digits = text.AsSpan().TrimEnd("bBiI");
        var unit = digits.IsEmpty ? ' ' : char.ToLowerInvariant(digits[^1]);
        var factor = unit switch { 'k' => 1L << 10, 'm' => 1L << 20, 'g' => 1L << 30, 't' => 1L << 40, _ => 1 };
        if (long.TryParse(factor == 1 ? digits : digits[..^1], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && number <= long.MaxValue / factor && number * factor >= Least << 20)
        {
            return number * factor;
        }

        result.AddError($"--max-memory: '{text}' is no size of at least {Least}m, such as 1g or 500m");
        return null;
    }
}
