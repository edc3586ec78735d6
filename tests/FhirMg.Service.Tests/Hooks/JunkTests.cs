using System.Text;
using Microsoft.Extensions.Logging;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Tests that measure the whole process, and so run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Calls that nobody means.</summary>
[Collection(nameof(Alone))]
public sealed class JunkTests
{
    [Fact]
    public async Task Junk_is_answered_and_never_by_a_fault()
    {
        var long_ = Environment.GetEnvironmentVariable("FHIRMG_LONG") == "1";
        var settings = RunningService.Serving(new("http://127.0.0.1:9/fhir"));
        settings["Limits:RequestsPerSecond"] = "0";

        // What the test's own log book keeps would count as growth.
        await using var service = await RunningService.StartAsync(settings, time: new SampleTime(), adjust: builder => builder.Logging.ClearProviders());
        var seeds = new[]
        {
            Call.Of("adult-mild-with-migraine"), Call.Of("chart-russian-inpatient-attack-with-aura"), Call.Of("contained-and-referenced-medication"),
        }.Select(call => Encoding.UTF8.GetBytes(call.Body.ToJsonString())).ToList();
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        await SendJunkAsync(service, seeds, 500, statuses);
        GC.Collect();
        var before = GC.GetTotalMemory(true);
        await SendJunkAsync(service, seeds, long_ ? 100_000 : 10_000, statuses);
        GC.Collect();
        Assert.DoesNotContain(statuses.Keys, status => status >= 500);
        Assert.True(statuses.ContainsKey(200) && statuses.ContainsKey(400), string.Join(' ', statuses));
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 64L * 1024 * 1024);
    }

    private static Task SendJunkAsync(RunningService service, List<byte[]> seeds, int count, System.Collections.Concurrent.ConcurrentDictionary<int, int> statuses) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
        {
            var random = new Random(i);
            var body = seeds[i % seeds.Count].ToArray();
            for (var changes = random.Next(0, 6); changes > 0; changes--)
            {
                var at = random.Next(body.Length);
                switch (random.Next(4))
                {
                    case 0:
                        body[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        body = body[..at];
                        break;
                    case 2:
                        var end = Math.Min(body.Length, at + random.Next(40));
                        body = [.. body[..at], .. body[end..]];
                        break;
                    default:
                        var from = random.Next(body.Length);
                        body = [.. body[..at], .. body[from..Math.Min(body.Length, from + random.Next(60))], .. body[at..]];
                        break;
                }

                if (body.Length == 0)
                {
                    break;
                }
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, $"cds-services/{Call.PatientView}{(random.Next(50) == 0 ? "%00x" : "")}") { Content = new ByteArrayContent(body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", random.Next(20) == 0 ? "text/;;" : "application/json");
            request.Headers.TryAddWithoutValidation("Accept-Language", random.Next(5) == 0 ? new string([.. Enumerable.Range(0, 20).Select(_ => (char)random.Next(32, 127))]) : "ru");
            if (random.Next(20) == 0)
            {
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Convert.ToBase64String(body[..Math.Min(body.Length, 30)])}.e30.x");
            }

            using var response = await service.Http.SendAsync(request, cancellationToken);
            statuses.AddOrUpdate((int)response.StatusCode, 1, (_, n) => n + 1);
        });
}
