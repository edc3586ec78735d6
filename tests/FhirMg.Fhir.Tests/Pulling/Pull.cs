using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tests.Pulling;

/// <summary>A client as the product registers it, and the reports of what it reads.</summary>
internal sealed class Pull : IAsyncDisposable
{
    public static readonly DateTimeOffset AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private readonly ServiceProvider _services;

    public Pull(Uri baseUrl, Func<FhirServerOptions, FhirServerOptions>? configure = null)
    {
        var options = new FhirServerOptions { Name = "hospital", BaseUrl = baseUrl, Deadline = TimeSpan.FromSeconds(20) };
        _services = new ServiceCollection().AddFhirServers(configure?.Invoke(options) ?? options)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log)).BuildServiceProvider();
    }

    /// <summary>Everything that was logged, at every level.</summary>
    public LogBook Log { get; } = new();

    public FhirServer Server => _services.GetRequiredService<FhirServers>()["hospital"];

    public Task<PulledPatient> ReadAsync(string patient, Knowledge? knowledge = null) =>
        new PatientPull(Server, knowledge ?? Knowledge.BuiltIn).ReadAsync(patient, AsOf, TestContext.Current.CancellationToken);

    public async Task<JsonObject> ReportAsync(string patient, Knowledge? knowledge = null)
    {
        knowledge ??= Knowledge.BuiltIn;
        var pulled = await ReadAsync(patient, knowledge);
        return Report(Evaluator.Evaluate(Extractor.Extract(pulled.Record, knowledge, AsOf, pulled.NotRead), knowledge));
    }

    /// <summary>The report of a patient when the whole bundle is at hand.</summary>
    public static JsonObject ReportOfBundle(byte[] bundle, string patient)
    {
        var reader = new InputReader(Knowledge.BuiltIn);
        Assert.Empty(reader.Read(bundle, "bundle.json"));
        var record = reader.Documents().SelectMany(document => document.Patients).Single(record => record.Name == $"Patient/{patient}");
        return Report(Evaluator.Evaluate(Extractor.Extract(record, Knowledge.BuiltIn, AsOf), Knowledge.BuiltIn));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static JsonObject Report(Assessment assessment)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            ReportWriter.Write(writer, assessment);
        }

        return JsonNode.Parse(stream.ToArray())!.AsObject();
    }
}
