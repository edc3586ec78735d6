using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirMg.Simulators;

/// <summary>
/// A FHIR server on bare Kestrel for speed and chaos: every patient has the chart of one template, each search is answered in one page
/// after a fixed latency, and a share of the answers is spoilt in every way there is.
/// </summary>
public sealed class LeanServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Dictionary<string, string> _searchsets = new(StringComparer.Ordinal);
    private readonly LeanServerOptions _options;
    private readonly ConcurrentDictionary<string, int> _spoilt = new(StringComparer.Ordinal);
    private readonly string _template;
    private string _patient = "{}";
    private int _requests, _inFlight, _mostInFlight;

    private LeanServer(WebApplication app, LeanServerOptions options, string template) => (_app, _options, _template) = (app, options, template);

    /// <summary>The FHIR base.</summary>
    public Uri BaseUrl { get; private set; } = new("http://127.0.0.1/fhir");

    /// <summary>Requests answered, spoilt ones included.</summary>
    public int Requests => _requests;

    /// <summary>The most requests that were in flight at once.</summary>
    public int MostInFlight => _mostInFlight;

    /// <summary>How often each fault struck, by name.</summary>
    public IReadOnlyDictionary<string, int> Spoilt => _spoilt;

    /// <summary>Starts a server on a free loopback port.</summary>
    /// <param name="patient">Id of the template's patient; it is replaced by the id asked for.</param>
    /// <param name="chart">The template: the patient and all resources about it.</param>
    /// <param name="options">Latency and faults.</param>
    public static async Task<LeanServer> StartAsync(string patient, IEnumerable<JsonObject> chart, LeanServerOptions? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new LeanServer(app, options ?? new(), patient);
        server.Load(chart);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.BaseUrl = new($"{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/fhir");
        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Load(IEnumerable<JsonObject> chart)
    {
        foreach (var type in chart.GroupBy(resource => (string)resource["resourceType"]!))
        {
            if (type.Key == "Patient")
            {
                _patient = type.First().ToJsonString();
            }

            _searchsets[type.Key] = new JsonObject
            {
                ["resourceType"] = "Bundle",
                ["type"] = "searchset",
                ["entry"] = new JsonArray([.. type.Select(resource => new JsonObject { ["resource"] = resource.DeepClone() })]),
            }.ToJsonString();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref _requests);
        var now = Interlocked.Increment(ref _inFlight);
        InterlockedMax(ref _mostInFlight, now);
        try
        {
            try
            {
                if (_options.Latency > TimeSpan.Zero)
                {
                    await Task.Delay(_options.Latency, context.RequestAborted);
                }
            }
            finally
            {
                // Before the answer, since whoever has it may already ask again.
                Interlocked.Decrement(ref _inFlight);
            }

            var body = Encoding.UTF8.GetBytes(Body(context));
            var random = new Random(unchecked(((_options.Seed * 31) + number) * -1640531535));
            if (_options.FaultShare > 0 && context.Request.Path != "/fhir/metadata" && random.NextDouble() < _options.FaultShare)
            {
                var fault = LeanFaults.All[random.Next(LeanFaults.All.Count)];
                _spoilt.AddOrUpdate(fault.Name, 1, (_, count) => count + 1);
                await fault.SpoilAsync(context, body);
                return;
            }

            context.Response.ContentType = "application/fhir+json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client has given up on this answer.
        }
    }

    private string Body(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is ["fhir", "metadata"])
        {
            return Capability();
        }

        var id = path is [_, "Patient", var asked] ? asked : context.Request.Query["patient"].ToString();
        var text = path is [_, "Patient", _] ? _patient : _searchsets.GetValueOrDefault(path[^1], """{"resourceType":"Bundle","type":"searchset"}""");
        return text.Replace(_template, id, StringComparison.Ordinal);
    }

    private static string Capability() => new JsonObject
    {
        ["resourceType"] = "CapabilityStatement",
        ["fhirVersion"] = "4.0.1",
        ["rest"] = new JsonArray(new JsonObject
        {
            ["mode"] = "server",
            ["resource"] = new JsonArray([.. new[]
            {
                "Patient", "Observation", "Condition", "Encounter", "MedicationRequest", "MedicationStatement", "MedicationAdministration",
                "Medication", "AllergyIntolerance", "QuestionnaireResponse",
            }.Select(type => new JsonObject
            {
                ["type"] = type,
                ["interaction"] = new JsonArray(new JsonObject { ["code"] = "read" }, new JsonObject { ["code"] = "search-type" }),
                ["searchParam"] = new JsonArray(new JsonObject { ["name"] = "patient", ["type"] = "reference" }, new JsonObject { ["name"] = "code", ["type"] = "token" }),
            })]),
        }),
    }.ToJsonString();

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
