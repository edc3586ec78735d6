using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Hooks;
using FhirMg.Service.Hooks.Cards;
using FhirMg.Service.Hooks.Discovery;
using FhirMg.Service.Hooks.Prefetch;
using FhirMg.Service.Hooks.Requests;
using FhirMg.Service.Hosting;
using FhirMg.Service.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirMg.Benchmarks.Hooks;

/// <summary>Where the time of a <c>patient-view</c> call goes, phase by phase on one thread, and the whole call without the web server. <c>--hook-phases [--chart NAME]</c></summary>
internal static class HookPhases
{
    private const int Rounds = 600;
    private const int CallsARound = 10;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(string[] args)
    {
        var options = HookOptions.Parse(args);
        var body = HookBody.Of(options.Chart);
        var folder = Directory.CreateTempSubdirectory("fhirmg-phases-").FullName;
        await using var application = ServiceApplication.Build(["--environment", "Staging", "--urls", "http://127.0.0.1:0"], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["FhirMg:PublicUrl"] = "https://fhirmg.example.org",
                ["FhirMg:Store:ConnectionString"] = $"Data Source={Path.Combine(folder, "store.db")}",
                ["FhirMg:Servers:0:Name"] = "hospital",
                ["FhirMg:Servers:0:BaseUrl"] = "http://127.0.0.1:9/fhir",
                ["FhirMg:Servers:0:AllowUnauthenticatedCds"] = "true",
            });
            builder.Logging.SetMinimumLevel(LogLevel.None);
        });
        await application.StartAsync();
        Console.WriteLine($"body {body.Length} bytes");
        Measure(body);
        await MeasureWholeAsync(application, body);
        await application.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static void Measure(byte[] body)
    {
        var knowledge = Knowledge.BuiltIn;
        var templates = PrefetchTemplate.Of([knowledge]);
        var service = HookService.PatientView;
        var asOf = TimeProvider.System.GetUtcNow();
        var index = JsonIndex.WithEnds(body, KnownResources.In(body, knowledge));
        var request = HookRequestReader.Read(body, index);
        BroughtData.Read(service, request, body, index, templates, knowledge);

        // Now the shapes are known.
        index = JsonIndex.WithEnds(body, KnownResources.In(body, knowledge));
        request = HookRequestReader.Read(body, index);
        var brought = BroughtData.Read(service, request, body, index, templates, knowledge);
        var record = BroughtData.RecordOf(brought.Document, request.PatientId)!;
        var features = Extractor.Extract(record, knowledge, asOf);
        var assessment = Evaluator.Evaluate(features, knowledge);
        var cards = CardDeck.For(service, assessment, null, [], Language.English, _ => false);
        using var output = new PooledOutput(128 * 1024);
        var setting = new CardSetting(request.HookInstance, service.Id, PatientDigest.Of("hospital", $"Patient/{request.PatientId}"), "https://fhirmg.example.org", false, true);
        CardWriter.Write(output, cards, assessment, Language.English, setting);
        Console.WriteLine($"{cards.Count} cards, {cards.Sum(card => card.Suggestions.Length)} suggestions, answer {output.Written.Length} bytes");
        Row("a bare scan of the body's tokens", () => Scan(body));
        Row("read the call", () =>
        {
            var read = JsonIndex.WithEnds(body, KnownResources.In(body, knowledge));
            HookRequestReader.Read(body, read);
            read.Return();
        });
        Row("read the resources", () => BroughtData.Read(service, request, body, index, templates, knowledge));
        Row("extract", () => Extractor.Extract(record, knowledge, asOf));
        Row("evaluate", () => Evaluator.Evaluate(features, knowledge));
        Row("decide on cards", () => CardDeck.For(service, assessment, null, [], Language.English, _ => false));
        Row("write cards", () =>
        {
            output.Clear();
            CardWriter.Write(output, cards, assessment, Language.English, setting);
        });
    }

    private static async Task MeasureWholeAsync(WebApplication application, byte[] body)
    {
        var call = application.Services.GetRequiredService<HookCall>();
        var best = double.MaxValue;
        var bytes = 0L;
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < Rounds || Stopwatch.GetElapsedTime(start) < WarmUp; round++)
        {
            var (began, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < CallsARound; i++)
            {
                var context = new DefaultHttpContext { RequestServices = application.Services };
                context.Request.Method = "POST";
                context.Request.ContentType = "application/json";
                context.Request.ContentLength = body.Length;
                context.Request.Body = new MemoryStream(body);
                context.Request.RouteValues["id"] = HookService.PatientView.Id;
                await call.AnswerAsync(context);
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMicroseconds / CallsARound);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / CallsARound;
        }

        Print("the whole call, without web server", best, bytes);
    }

    private static void Scan(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            // What a call costs at least that looks at every token.
        }
    }

    private static void Row(string name, Action act)
    {
        // The last tier of compilation comes a while after the first calls.
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < WarmUp;)
        {
            act();
        }

        var best = double.MaxValue;
        var bytes = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var (began, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < CallsARound; i++)
            {
                act();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMicroseconds / CallsARound);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / CallsARound;
        }

        Print(name, best, bytes);
    }

    // The least of some rounds: whatever else runs on the machine only adds.
    private static void Print(string name, double microseconds, long bytes) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-40} {microseconds,8:0.0} µs {bytes,9:N0} bytes"));
}
