using System.Diagnostics;
using System.Globalization;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>The same mutations for as long as one likes, with other seeds each time.</summary>
public sealed class LongRunTests
{
    private const string Minutes = "FHIRMG_FUZZ_MINUTES";

    [Fact]
    public void For_many_minutes_nothing_throws()
    {
        var set = double.TryParse(Environment.GetEnvironmentVariable(Minutes), CultureInfo.InvariantCulture, out var minutes);
        Assert.SkipUnless(set, $"set {Minutes} to run it for that many minutes");
        var watch = Stopwatch.StartNew();
        var seed = Environment.ProcessId;
        var (mutator, json) = (new Mutator(seed), new RandomJson(seed));
        long executions = 0, patients = 0, faults = 0, setAside = 0;
        for (; watch.Elapsed < TimeSpan.FromMinutes(minutes); executions++)
        {
            var input = (executions % 10) switch
            {
                0 => mutator.Noise(),
                1 or 2 => json.Next(),
                _ => mutator.Spoil(mutator.Pick(Corpus.All), Corpus.All),
            };
            var outcome = AnythingInTests.Run(input, mutator, propose: executions % 20 == 0);
            (patients, faults, setAside) = (patients + outcome.Patients, faults + outcome.Faults, setAside + outcome.SetAside);
        }

        TestContext.Current.SendDiagnosticMessage($"seed {seed}: {executions} inputs, {patients} patients, {faults} faults, {setAside} resources set aside");
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {executions} inputs, {patients} patients, {faults} faults, {setAside} resources set aside");
    }
}
