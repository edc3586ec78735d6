using System.Text.Json.Nodes;
using FhirMg.Browsing;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Sandbox;
using FhirMg.Sandbox.Authorization;
using Microsoft.Playwright;

namespace FhirMg.Service.Tests.App;

/// <summary>The simulated hospital at localhost, and the service at 127.0.0.1: two sites to a browser, so that the app's frame is another site's.</summary>
internal sealed class AppHospital : IAsyncDisposable
{
    /// <summary>A patient with a low serum value and migraine.</summary>
    public const string Mild = "adult-mild-with-migraine-p1";

    private const string Clinician = "petrova";

    private AppHospital(SandboxApplication sandbox, RunningService service) => (Sandbox, Service) = (sandbox, service);

    public SandboxApplication Sandbox { get; }

    public RunningService Service { get; }

    public static async Task<AppHospital> StartAsync(SandboxOptions? options = null, IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        time ??= new MovedTime();
        var sandbox = await SandboxApplication.StartAsync((options ?? new()) with { Host = "localhost", Time = time }, TestContext.Current.CancellationToken);
        var configured = RunningService.Serving(sandbox.FhirBase);
        configured["Servers:0:ClientId"] = "fhirmg-public";
        configured["Servers:0:Deadline"] = "00:01:00";
        configured["Servers:0:AllowUnauthenticatedCds"] = "false";
        configured["Servers:0:CdsClients:0:Issuer"] = sandbox.CdsIssuer;
        configured["Servers:0:CdsClients:0:JwksUri"] = sandbox.CdsJwksUri.AbsoluteUri;
        configured["FrameAncestors:0"] = sandbox.EhrPage.GetLeftPart(UriPartial.Authority);
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
        {
            configured[key] = value;
        }

        var service = await RunningService.StartAsync(configured, time: time);
        await sandbox.ConnectAsync(service.Url, TestContext.Current.CancellationToken);
        return new(sandbox, service);
    }

    /// <summary>The words of the page.</summary>
    public static PhraseBook Words(string language) => new(Knowledge.BuiltIn, language == "ru" ? Language.Russian : Language.English);

    /// <summary>Where a launch from the EHR begins.</summary>
    public Uri LaunchUrl(string patient, LaunchContext? context = null) => new(Service.Url,
        $"/smart/launch?iss={Uri.EscapeDataString(Sandbox.FhirBase.AbsoluteUri)}&launch={Sandbox.OpenLaunch(context ?? new(patient, Clinician))}");

    /// <summary>Launches in a tab of its own, and comes to the page.</summary>
    public async Task<IPage> LaunchAsync(IBrowserContext context, string patient = Mild)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(LaunchUrl(patient).AbsoluteUri);
        return page;
    }

    /// <summary>The resources of a type that the server holds of a patient. It is open to who shows no token; who shows one is held to it.</summary>
    public async Task<IReadOnlyList<JsonObject>> HeldAsync(string type, string patient = Mild)
    {
        using var http = new HttpClient();
        var bundle = JsonNode.Parse(await http.GetStringAsync(new Uri($"{Sandbox.FhirBase}/{type}?patient={patient}&_count=200"), TestContext.Current.CancellationToken))!;
        return [.. (bundle["entry"] as JsonArray ?? []).Select(entry => entry!["resource"]!.AsObject())];
    }

    /// <summary>Has the server hold a resource.</summary>
    public async Task PutAsync(string resource)
    {
        using var http = new HttpClient();
        using var content = new StringContent(resource, System.Text.Encoding.UTF8, "application/fhir+json");
        var json = JsonNode.Parse(resource)!;
        using var answer = await http.PutAsync(new Uri($"{Sandbox.FhirBase}/{json["resourceType"]}/{json["id"]}"), content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
