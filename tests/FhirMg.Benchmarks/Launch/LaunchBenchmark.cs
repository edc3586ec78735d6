using System.Diagnostics;
using System.Globalization;
using FhirMg.Sandbox;
using FhirMg.Service.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace FhirMg.Benchmarks.Launch;

/// <summary>From the EHR's click to the rendered page, in Chromium, with the sandbox and the service on loopback; warm.</summary>
internal static class LaunchBenchmark
{
    private const int WarmUp = 30;
    private const int Launches = 20;
    private const double TargetMs = 500;
    private const string Patient = "adult-mild-with-migraine-p1";

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("fhirmg-launch-").FullName;
        await using var sandbox = await SandboxApplication.StartAsync(new() { Host = "localhost", RequireToken = true });
        await using var service = await StartAsync(sandbox, folder);
        var url = new Uri(service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await sandbox.ConnectAsync(url);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
        await using var context = await chromium.NewContextAsync();
        var runs = new List<Dictionary<string, double>>();
        for (var i = 0; i < WarmUp + Launches; i++)
        {
            var run = await LaunchAsync(context, new(url, $"/smart/launch?iss={Uri.EscapeDataString(sandbox.FhirBase.AbsoluteUri)}&launch={sandbox.OpenLaunch(new(Patient, "petrova"))}"));
            if (i >= WarmUp)
            {
                runs.Add(run);
            }
        }

        Console.WriteLine($"From launch to rendered page, median of {Launches} warm launches (ms; target for the whole: {TargetMs:0})");
        Console.WriteLine("| part | median | slowest |");
        Console.WriteLine("| --- | ---: | ---: |");
        foreach (var part in runs[0].Keys)
        {
            var values = runs.Select(run => run.GetValueOrDefault(part)).Order().ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {part} | {values[values.Count / 2]:0.0} | {values[^1]:0.0} |"));
        }

        await service.StopAsync();
        Directory.Delete(folder, recursive: true);
        return runs.Select(run => run["whole"]).Order().ElementAt(Launches / 2) <= TargetMs ? 0 : 1;
    }

    // Each answer's time is from its request to its end, as the browser sees it; the rest is the browser's own.
    private static async Task<Dictionary<string, double>> LaunchAsync(IBrowserContext context, Uri launch)
    {
        var page = await context.NewPageAsync();
        var watch = Stopwatch.StartNew();
        var response = (await page.GotoAsync(launch.AbsoluteUri, new() { WaitUntil = WaitUntilState.Load }))!;
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        var parts = new Dictionary<string, double> { ["whole"] = watch.Elapsed.TotalMilliseconds };
        for (var request = response.Request; request is not null; request = request.RedirectedFrom)
        {
            var path = new Uri(request.Url).AbsolutePath;
            var timing = request.Timing;
            parts[path.StartsWith("/app/", StringComparison.Ordinal) ? "the page" : path] = Math.Max(timing.ResponseEnd, timing.ResponseStart) - Math.Max(0, timing.RequestStart);
        }

        parts["browser"] = parts["whole"] - parts.Where(part => part.Key != "whole").Sum(part => part.Value);
        if (await page.Locator(".conclusion").CountAsync() != 1)
        {
            throw new InvalidOperationException($"the launch did not come to the page: {await page.InnerTextAsync("body")}");
        }

        await page.CloseAsync();
        return parts;
    }

    private static async Task<WebApplication> StartAsync(SandboxApplication sandbox, string folder)
    {
        var service = ServiceApplication.Build(["--environment", "Development", "--urls", "http://127.0.0.1:0"], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["FhirMg:Store:ConnectionString"] = $"Data Source={Path.Combine(folder, "store.db")}",
                ["FhirMg:Servers:0:Name"] = "hospital",
                ["FhirMg:Servers:0:BaseUrl"] = sandbox.FhirBase.AbsoluteUri,
                ["FhirMg:Servers:0:ClientId"] = "fhirmg-public",
            });
        });
        await service.StartAsync();
        return service;
    }
}
