using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tests.Pulling;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Chaos;

/// <summary>Many patients through a server that spoils 30 % of its answers in every way there is.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static int Patients => Environment.GetEnvironmentVariable("FHIRMG_LONG") == "1" ? 1000 : 100;

    [Fact]
    public async Task Every_patient_gets_the_right_report_or_an_error_that_says_why()
    {
        await using var server = await LeanServer.StartAsync(Chart.Patient, Chart.Resources(), new() { FaultShare = 0.3 });
        var failed = await ReadAsync(server, Patients, attempts: 8);
        Assert.Equal(LeanFaults.All.Select(fault => fault.Name).Order(StringComparer.Ordinal), server.Spoilt.Keys.Order(StringComparer.Ordinal));
        Assert.True(failed.Count <= Patients * 5 / 100, string.Join('\n', failed.Distinct()));
    }

    [Fact]
    public async Task Where_hardly_an_answer_is_whole_errors_say_why()
    {
        await using var server = await LeanServer.StartAsync(Chart.Patient, Chart.Resources(), new() { FaultShare = 0.95 });
        Assert.NotEmpty(await ReadAsync(server, 8, attempts: 2));
    }

    /// <returns>What those were told who got no report.</returns>
    private async Task<List<string>> ReadAsync(LeanServer server, int patients, int attempts)
    {
        // The breaker is for outages; this server is up, only bad.
        await using var pull = new Pull(server.BaseUrl, options => options with
        {
            Deadline = TimeSpan.FromSeconds(60), AttemptTimeout = TimeSpan.FromSeconds(2), BreakerFailureRatio = 0.95, RetryShare = 2, MaxAttempts = attempts,
        });
        var expected = Pull.ReportOfBundle(Chart.Bundle, Chart.Patient).ToJsonString();
        var (complete, failed) = (0, new List<string>());
        await Parallel.ForEachAsync(Enumerable.Range(0, patients), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            try
            {
                var report = await pull.ReportAsync($"chaos-{i}");
                Assert.Equal(expected, report.ToJsonString().Replace($"chaos-{i}", Chart.Patient, StringComparison.Ordinal));
                Interlocked.Increment(ref complete);
            }
            catch (FhirServerException e)
            {
                lock (failed)
                {
                    failed.Add(e.Message);
                }
            }
        });

        output.WriteLine($"{complete} of {patients} complete, {failed.Count} failed with a reason; {server.Requests} requests, {server.Spoilt.Values.Sum()} spoilt: {string.Join(", ", server.Spoilt.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.Equal(patients, complete + failed.Count);
        Assert.All(failed, message => Assert.True(message.StartsWith("hospital: ", StringComparison.Ordinal) && !message.Contains("chaos-", StringComparison.Ordinal), message));
        AssertSilent(pull.Log);
        return failed;
    }

    // Ids, names and values of the chart, codes of its conditions, and anything that looks like a reference to a patient.
    private static void AssertSilent(LogBook log)
    {
        string[] secrets = [Chart.Patient, "chaos-", "Patient/", "patient=", "G43", "0.79 mmol", "ммоль", .. Names()];
        Assert.NotEmpty(log.Lines);
        Assert.All(log.Lines, line => Assert.DoesNotContain(secrets, secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    private static IEnumerable<string> Names() => Chart.Resources().Where(resource => (string?)resource["resourceType"] == "Patient")
        .SelectMany(patient => patient["name"]!.AsArray()).Select(name => (string?)name!["family"]).OfType<string>();
}
