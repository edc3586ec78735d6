using System.Diagnostics;
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

    [Fact]
    public async Task The_phases_of_a_call_are_in_its_trace_and_nothing_in_it_names_the_patient()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "FhirMg" or "Microsoft.AspNetCore" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = seen.Enqueue,
        };
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources("adult-mild-with-migraine"));
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
        try
        {
            await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
            ActivitySource.AddActivityListener(listener);
            var call = Call.Of("adult-mild-with-migraine").Without("allergyIntolerances").At(hospital.BaseUrl);
            Assert.Equal(200, (await call.SendAsync(service)).Status);
            var request = seen.First(activity => activity.Source.Name == "Microsoft.AspNetCore" && activity.DisplayName.Contains("cds-services", StringComparison.Ordinal));
            var phases = seen.Where(activity => activity.Source.Name == "FhirMg" && activity.TraceId == request.TraceId).ToList();
            Assert.Equal(["authenticate", "read", "pull", "evaluate", "answer"], phases.OrderBy(phase => phase.StartTimeUtc).Select(phase => phase.OperationName));
            Assert.All(phases, phase => Assert.InRange(phase.Duration, TimeSpan.Zero, request.Duration + TimeSpan.FromSeconds(1)));
            var patient = (string)call.Body["context"]!["patientId"]!;
            Assert.Contains(seen, activity => activity.Source.Name == "System.Net.Http" && activity.TraceId == request.TraceId);
            Assert.DoesNotContain(seen.Where(activity => activity.TraceId == request.TraceId), activity =>
                activity.TagObjects.Any(tag => tag.Value?.ToString()?.Contains(patient, StringComparison.Ordinal) == true) || activity.DisplayName.Contains(patient, StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
        }
    }

    [Fact]
    public async Task A_breaker_that_opened_shows()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, []).Inject(Faults.Status(503));
        await using var service = await CardTests.StartAsync(settings => settings["Servers:0:Name"] = "broken", hospital.BaseUrl);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(412, (await Call.Of("adult-mild-with-migraine").With(body => body.Remove("prefetch")).At(hospital.BaseUrl).SendAsync(service)).Status);
            var metrics = await service.Http.GetStringAsync(new Uri("metrics", UriKind.Relative), TestContext.Current.CancellationToken);
            if (metrics.Split('\n').Any(line => Regex.IsMatch(line, "^fhirmg_server_breaker\\{.*server=\"broken\".*\\} 1\\b")))
            {
                return;
            }
        }

        Assert.Fail("the breaker never opened, or did not show it");
    }

    private static void AssertCounted(string metrics, string name, params string[] labels)
    {
        var lines = metrics.Split('\n').Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Exists(line => Array.TrueForAll(labels, label => line.Contains(label, StringComparison.Ordinal)) && Regex.Match(line, "\\} (\\S+)").Groups[1].Value is not ("" or "0")),
            $"{name} {string.Join(' ', labels)} is not counted, but: {string.Join('\n', lines)}");
    }
}
