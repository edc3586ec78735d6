using FhirMg.Screening.Running;

namespace FhirMg.Screening.Tests.Engine;

/// <summary>A run that was stopped goes on where it was, and counts nothing twice.</summary>
public sealed class ResumeTests
{
    private static readonly Lazy<List<string>> Lines = new(() => Population.Generate(400, seed: 21));

    [Fact]
    public async Task A_run_whose_results_could_not_be_written_goes_on()
    {
        using var place = new Workplace();
        place.Spread(Lines.Value, 3, seed: 1);
        var whole = await place.Screen();
        var (reports, setAside) = (place.Result("reports.ndjson"), place.Result("set-aside.csv"));
        Directory.Delete(place.Out, recursive: true);

        var options = place.Options() with { CheckpointEvery = TimeSpan.Zero };
        using var full = new FullDisk();
        var failure = await Assert.ThrowsAsync<ScreeningException>(() => place.Screen(options, full));
        Assert.Contains("--resume", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(place.Out, "reports.ndjson")));

        var resumed = await place.Screen(options with { Resume = true });
        Assert.True(resumed.WasResumed);
        Assert.Equal(reports, place.Result("reports.ndjson"));
        Assert.Equal(setAside, place.Result("set-aside.csv"));
        Assert.Equal(whole with { WasResumed = true, Faults = [] }, resumed with { Faults = [] });
        Assert.False(Directory.Exists(Path.Combine(place.Out, ".screening")));
    }

    [Fact]
    public async Task A_run_goes_on_in_the_middle_of_its_files()
    {
        using var place = new Workplace();
        place.Spread(Lines.Value, 2, seed: 2);

        // Pieces of a file are a megabyte, so that of a longer one only the first was read.
        var padding = $"{{\"resourceType\":\"Procedure\",\"text\":\"{new string('x', 400_000)}\"}}\n";
        foreach (var file in Directory.GetFiles(place.In))
        {
            await File.AppendAllTextAsync(file, string.Concat(Enumerable.Repeat(padding, 100)) + """{"resourceType":"Patient","id":"last"}""" + "\n", TestContext.Current.CancellationToken);
        }

        await place.Screen();
        var reports = place.Result("reports.ndjson");
        using var stop = new CancellationTokenSource();
        var options = place.Options(threads: 1) with { CheckpointEvery = TimeSpan.Zero };
        var state = Path.Combine(place.Out, ".screening", "state.json");

        // On a thread of its own, since the pool may be busy until all is read.
        var stopping = Task.Factory.StartNew(
            () =>
            {
                if (SpinWait.SpinUntil(() => File.Exists(state), TimeSpan.FromMinutes(1)))
                {
                    stop.Cancel();
                }
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PopulationScreening.RunAsync(options, _ => [], null, stop.Token));
        await stopping;
        Assert.Contains(RunState.Load(state)!.Files, file => !file.IsDone);
        var resumed = await place.Screen(options with { Resume = true });
        Assert.True(resumed.WasResumed);
        Assert.Equal(reports, place.Result("reports.ndjson"));
    }

    [Fact]
    public async Task A_changed_input_is_not_gone_on_with()
    {
        using var place = new Workplace();
        place.Spread(Lines.Value, 1, seed: 3);
        var options = place.Options() with { CheckpointEvery = TimeSpan.Zero };
        using var full = new FullDisk();
        await Assert.ThrowsAsync<ScreeningException>(() => place.Screen(options, full));
        await File.AppendAllTextAsync(Directory.GetFiles(place.In).Single(), "{}\n", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<ScreeningException>(() => place.Screen(options with { Resume = true }));
        Assert.Contains("has changed", refused.Message, StringComparison.Ordinal);
        await place.Screen(options);
    }

    [Fact]
    public async Task Nothing_to_resume_begins_anew()
    {
        using var place = new Workplace();
        place.Spread(Lines.Value, 1, seed: 4);
        var outcome = await place.Screen(place.Options() with { Resume = true });
        Assert.False(outcome.WasResumed);
        Assert.True(outcome.Patients > 0);
    }

    private sealed class FullDisk : IResultSink
    {
        public void Add(in ScreenedPatient patient) => throw new IOException("No space left on device");

        public void Complete(ScreeningOutcome outcome)
        {
        }

        public void Dispose()
        {
        }
    }
}
