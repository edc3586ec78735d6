using System.Text.RegularExpressions;
using FhirMg.Service.Tests.Hooks;
using FhirMg.Simulators;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>What is measured is really measured: each instrument shows after a call. Meters of one name are one to an exporter, whichever service of the process has them.</summary>
[Collection(nameof(Alone))]
public sealed class TelemetryTests
{
    [Fact]
    public async Task Every_instrument_shows_what_a_call_was()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources("adult-mild-with-migraine"));
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        var card = (await Call.Of("adult-mild-with-migraine").Without("allergyIntolerances").At(hospital.BaseUrl).SendAsync(service)).Cards[0];
        await Call.Of("implausible-newer-than-current").SendAsync(service);
        await TwoInstancesTests.FeedBackAsync(service, new() { ["card"] = (string?)card["uuid"], ["outcome"] = "overridden" });

        var metrics = await service.Http.GetStringAsync(new Uri("metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        AssertCounted(metrics, "fhirmg_cards_total", $"service=\"{Call.PatientView}\"", "rule=\"RX-1\"");
        AssertCounted(metrics, "fhirmg_set_asides_total", "reason=\"implausible\"");
        AssertCounted(metrics, "fhirmg_feedback_total", "rule=\"RX-1\"", "outcome=\"overridden\"");
        AssertCounted(metrics, "fhirmg_server_calls_total", "server=\"hospital\"", "status=\"200\"");
        AssertCounted(metrics, "fhirmg_server_duration_seconds_count", "server=\"hospital\"");
        foreach (var phase in new[] { "authenticate", "read", "pull", "evaluate", "answer" })
        {
            AssertCounted(metrics, "fhirmg_phase_duration_seconds_count", $"phase=\"{phase}\"");
        }

        Assert.Contains(metrics.Split('\n'), line => Regex.IsMatch(line, "^fhirmg_server_breaker\\{.*server=\"hospital\".*\\} 0\\b"));
    }

    private static void AssertCounted(string metrics, string name, params string[] labels)
    {
        var lines = metrics.Split('\n').Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Exists(line => Array.TrueForAll(labels, label => line.Contains(label, StringComparison.Ordinal)) && Regex.Match(line, "\\} (\\S+)").Groups[1].Value is not ("" or "0")),
            $"{name} {string.Join(' ', labels)} is not counted, but: {string.Join('\n', lines)}");
    }
}
