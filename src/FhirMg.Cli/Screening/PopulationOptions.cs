using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FhirMg.Cli.Servers;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Screening.Delivery;

namespace FhirMg.Cli.Screening;

/// <summary>The population that <c>fhirmg screen --server</c> asks for.</summary>
/// <param name="Server">The server, and how it is spoken to.</param>
/// <param name="Group">Id of the Group; null for all patients.</param>
/// <param name="Since">Only what changed since then, added to what the directory holds; null for all.</param>
/// <param name="KeepJob">Whether Ctrl-C leaves the job at the server.</param>
/// <param name="KeepExport">Whether the fetched data stay once the results are there.</param>
/// <param name="WritesPerSecond">Patients written a second at most.</param>
internal sealed record PopulationRequest(ServerRequest Server, string? Group, DateTimeOffset? Since, bool KeepJob, bool KeepExport, double WritesPerSecond);

/// <summary>The options of <c>fhirmg screen --server</c>.</summary>
internal sealed class PopulationOptions
{
    private const double MostWrites = 1000;
    private const string GroupType = "Group/";
    private readonly Option<string?> _group = new("--group") { Description = "With --server: the patients of this Group.", HelpName = "ID" };
    private readonly Option<bool> _all = new("--all") { Description = "With --server: all patients." };

    private readonly Option<DateTimeOffset?> _since = new("--since")
    {
        Description = "With --server: only what changed since then, in addition to the data that --keep-export left in --out.",
        HelpName = "T",
        CustomParser = ReadSince,
    };

    private readonly Option<bool> _keepJob = new("--keep-job") { Description = "With --server: on Ctrl-C leave the export job at the server, so that --resume need not begin another. Without it, the job is deleted there." };
    private readonly Option<bool> _keepExport = new("--keep-export") { Description = "With --server: keep the fetched data in --out. Without it, they are removed once the results are there." };

    private readonly Option<double?> _rate = new("--write-rate")
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"With --write: patients a second at most ({WriteDelivery.DefaultPerSecond})."),
        HelpName = "N",
        CustomParser = ReadRate,
    };

    private readonly ServerOptions _server = new(isPopulation: true);

    private Option[] Own => [_group, _all, _since, _keepJob, _keepExport, _rate];

    public void AddTo(Command command)
    {
        foreach (var option in Own)
        {
            command.Options.Add(option);
        }

        _server.AddTo(command);
    }

    /// <summary>The population that is asked for; null where no server is named.</summary>
    /// <exception cref="UsageException">The options do not go together.</exception>
    /// <exception cref="InputException">A file that an option names cannot be used.</exception>
    public PopulationRequest? Read(ParseResult parsed, IReadOnlyCollection<string> inputs)
    {
        if (_server.Read(parsed, inputs, hasPlot: false) is not { } server)
        {
            return Own.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } alone
                ? throw new UsageException($"{alone.Name} needs --server URL")
                : null;
        }

        var group = parsed.GetValue(_group);
        var id = group?.StartsWith(GroupType, StringComparison.Ordinal) == true ? group[GroupType.Length..] : group;
        return (id is null) == !parsed.GetValue(_all) ? throw new UsageException("--server needs either --group ID or --all")
            : id is not null && (id.Length == 0 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')) ? throw new UsageException($"--group: '{group}' is no id of a Group (letters, digits, '-' and '.')")
            : parsed.GetValue(_rate) is not null && !server.Write ? throw new UsageException("--write-rate needs --write")
            : new(server, id, parsed.GetValue(_since), parsed.GetValue(_keepJob), parsed.GetValue(_keepExport), parsed.GetValue(_rate) ?? WriteDelivery.DefaultPerSecond);
    }

    private static DateTimeOffset? ReadSince(ArgumentResult result)
    {
        if (AsOf.TryParse(result.Tokens[0].Value, out var since))
        {
            return since;
        }

        result.AddError($"--since: '{result.Tokens[0].Value}' is neither a FHIR date (2026-11-23) nor a dateTime with its zone (2026-11-23T08:30:00+03:00)");
        return null;
    }

    private static double? ReadRate(ArgumentResult result)
    {
        if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= MostWrites)
        {
            return rate;
        }

        result.AddError($"--write-rate: '{result.Tokens[0].Value}' is no number above 0 and up to {MostWrites:0}");
        return null;
    }
}
