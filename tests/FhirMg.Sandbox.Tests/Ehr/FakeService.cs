using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FhirMg.Sandbox.Tests.Ehr;

/// <summary>A CDS service and an app, as the EHR page meets them; it remembers what it was sent.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeService(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.Single());

    /// <summary>The calls and feedback that came, oldest first.</summary>
    public ConcurrentQueue<(string Path, string? Token, string? Language, JsonObject Body)> Received { get; } = new();

    /// <summary>The cards that are answered; an integer: that status with an OperationOutcome.</summary>
    public JsonNode Answer { get; set; } = new JsonArray();

    /// <summary>What feedback is answered with.</summary>
    public int FeedbackStatus { get; set; } = StatusCodes.Status200OK;

    public static async Task<FakeService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var service = new FakeService(builder.Build());
        service._application.MapGet("/cds-services", () => Results.Text(Discovery, "application/json"));
        service._application.MapPost("/cds-services/{**rest}", (Delegate)service.TakeAsync);
        service._application.MapGet("/smart/launch", (HttpContext context) => Results.Text(
            $"<!DOCTYPE html><html lang=en><title>App</title><main><h1>The app</h1><p id=query>{WebUtility.HtmlEncode(context.Request.QueryString.Value)}</p></main>", "text/html; charset=utf-8"));
        await service._application.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        var body = (JsonObject)(await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        Received.Enqueue((context.Request.Path.Value!, context.Request.Headers.Authorization.ToString().Replace("Bearer ", ""), context.Request.Headers.AcceptLanguage, body));
        if (context.Request.Path.Value!.EndsWith("/feedback"))
        {
            return Results.StatusCode(FeedbackStatus);
        }

        return Answer is JsonArray cards ? Results.Text(new JsonObject { ["cards"] = cards.DeepClone() }.ToJsonString(), "application/json")
            : Results.Text("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception","diagnostics":"The <b>rules</b> could not be read."}]}""", "application/fhir+json", statusCode: (int)Answer);
    }

    private const string Discovery = """
        {"services":[
          {"hook":"patient-view","id":"view","title":"View","description":"d","prefetch":{"patient":"Patient/{{context.patientId}}","conditions":"Condition?patient={{context.patientId}}","user":"{{context.userId}}","visit":"Encounter/{{context.encounterId}}"}},
          {"hook":"order-select","id":"select","title":"Select","description":"d"},
          {"hook":"order-sign","id":"sign","title":"Sign","description":"d"}
        ]}
        """;
}
