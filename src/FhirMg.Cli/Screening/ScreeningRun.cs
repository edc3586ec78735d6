using System.Globalization;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening;

namespace FhirMg.Cli.Screening;

/// <summary>One run of <c>fhirmg screen</c>.</summary>
internal sealed class ScreeningRun(ScreenRequest request)
{
    private const int FaultsShown = 20;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        SayWhenMemoryIsTooSmall();
        var knowledge = SiteKnowledge.Load(request.KnowledgeFolder, request.AdditionalCodes, request.DisabledRules);
        if (request.Population is not { } population)
        {
            return await ScreenAsync(Options(knowledge), null, cancellation);
        }

        using var source = new PopulationSource(population, knowledge, request.Out);
        try
        {
            var fetched = await source.FetchAsync(request.AsOf, request.Resume, cancellation);
            return await ScreenAsync(Options(knowledge) with { Inputs = [fetched.Directory], NotRead = fetched.NotRead, Resume = request.Resume && !fetched.IsNew }, source, cancellation);
        }
        catch (ScreeningException e)
        {
            throw new InputException(e.Message, e);
        }
        catch (OperationCanceledException)
        {
            Diagnostics.Say($"stopped. What was fetched is kept in {request.Out}: run the same command with --resume to go on");
            return ExitCode.Cancelled;
        }
    }

    private void SayWhenMemoryIsTooSmall()
    {
        var least = ScreeningOptions.LeastMemory(request.Threads);
        if (request.MaxMemory < least)
        {
            Diagnostics.Say(Line($"--max-memory: a run on {request.Threads} threads takes some {least >> 20}m whatever goes to disk, which is more than asked for; fewer --threads take less"));
        }
    }

    private ScreeningOptions Options(Knowledge knowledge) => new()
        {
        Inputs = request.Inputs,
        OutDirectory = request.Out,
        AsOf = request.AsOf,
        Language = request.Language,
        Knowledge = knowledge,
        Threads = request.Threads,
        MaxMemory = request.MaxMemory,
        Resume = request.Resume,
    };

    private async Task<int> ScreenAsync(ScreeningOptions options, PopulationSource? source, CancellationToken cancellation)
    {
        try
        {
            ScreeningOutcome outcome;
            using (var progress = new ScreenProgress())
            {
                outcome = await PopulationScreening.RunAsync(options, folder => Sinks(options, folder, source, cancellation), progress, cancellation);
            }

            source?.Conclude();
            return Tell(outcome) is var code && source is { HasProblems: true } ? ExitCode.Failed : code;
        }
        catch (ScreeningException e)
        {
            throw new InputException(e.Message, e);
        }
        catch (OperationCanceledException)
        {
            source?.SayWritten();
            Diagnostics.Say($"stopped. No results were written yet; what was read is kept in {request.Out}: run the same command with --resume to go on");
            return ExitCode.Cancelled;
        }
    }

    private List<IResultSink> Sinks(ScreeningOptions options, ResultFolder folder, PopulationSource? source, CancellationToken cancellation)
    {
        var sinks = new List<IResultSink>(ScreeningResults.Of(options, folder, request.SuppressBelow));
        source?.AddDelivery(sinks, options.Language, folder, cancellation);
        return sinks;
    }

    private int Tell(ScreeningOutcome outcome)
    {
        if (request is { Resume: true, Population: null } && !outcome.WasResumed)
        {
            Diagnostics.Say($"there was nothing to resume in {request.Out}: the run began anew");
        }

        foreach (var fault in outcome.Faults.Take(FaultsShown))
        {
            Diagnostics.Say(fault.ToString());
        }

        if (outcome.FaultCount > FaultsShown)
        {
            Diagnostics.Say(Line($"and {outcome.FaultCount - FaultsShown} more that could not be read: see set-aside.csv"));
        }

        if (outcome.Patients == 0)
        {
            Diagnostics.Say("there is no patient in the input: no Patient resource and nothing that a rule asks for. Nothing was evaluated");
        }

        Console.Out.WriteLine(Line($"{outcome.Patients:N0} patients evaluated, of {outcome.Resources:N0} resources in {outcome.Files:N0} files; {outcome.Relevant:N0} bear on a rule"));
        Console.Out.WriteLine(Line($"{outcome.Replaced:N0} replaced by newer versions, {outcome.WithoutSubject:N0} without a readable subject, {outcome.SetAside:N0} rows in set-aside.csv"));
        Console.Out.WriteLine($"Results: {request.Out}");
        return outcome.FaultCount > 0 || outcome.Patients == 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
