using FhirMg.Sandbox;
using FhirMg.Sandbox.Authorization;
using FhirMg.Service.Sessions;

namespace FhirMg.Service.Tests.Launch;

/// <summary>The sandbox with the service registered at it, and the service configured for the sandbox.</summary>
internal sealed class LaunchedHospital : IAsyncDisposable
{
    public const string Clinician = "petrova";

    private LaunchedHospital(SandboxApplication sandbox, RunningService service) => (Sandbox, Service) = (sandbox, service);

    public SandboxApplication Sandbox { get; }

    public RunningService Service { get; }

    public string Patient => Sandbox.Patients[0];

    /// <summary>Starts both.</summary>
    /// <param name="client">Settings of the client; the public one, unless said otherwise.</param>
    /// <param name="options">The sandbox; null for one that asks for tokens.</param>
    /// <param name="time">The service's clock; null for the system's.</param>
    /// <param name="whole">More settings of the service; null for none.</param>
    public static async Task<LaunchedHospital> StartAsync(
        IReadOnlyDictionary<string, string?>? client = null, SandboxOptions? options = null, TimeProvider? time = null, IReadOnlyDictionary<string, string?>? whole = null)
    {
        var sandbox = await SandboxApplication.StartAsync(options ?? new() { RequireToken = true }, TestContext.Current.CancellationToken);
        var service = await RunningService.StartAsync(Settings(sandbox, client).Concat(whole ?? new Dictionary<string, string?>()).ToDictionary(), time: time);
        await sandbox.ConnectAsync(service.Url, TestContext.Current.CancellationToken);
        return new(sandbox, service);
    }

    public static Dictionary<string, string?> Settings(SandboxApplication sandbox, IReadOnlyDictionary<string, string?>? client = null)
    {
        var settings = RunningService.Serving(sandbox.FhirBase);

        // Nothing here is about slowness, and the machine may have much else to do.
        settings["Servers:0:Deadline"] = "00:01:00";
        foreach (var (key, value) in client ?? new Dictionary<string, string?> { ["ClientId"] = "fhirmg-public" })
        {
            settings[$"Servers:0:{key}"] = value;
        }

        return settings;
    }

    public Uri LaunchUrl(string? patient = null, LaunchContext? context = null) => new(Service.Url,
        $"{LaunchPaths.Launch}?iss={Uri.EscapeDataString(Sandbox.FhirBase.AbsoluteUri)}&launch={Sandbox.OpenLaunch(context ?? new(patient ?? Patient, Clinician))}");

    /// <summary>Launches from the EHR, and comes to the app's page.</summary>
    /// <returns>The session's handle.</returns>
    public async Task<string> LaunchAsync(Browser browser, string? patient = null, LaunchContext? context = null)
    {
        var (url, page) = await browser.FollowAsync(LaunchUrl(patient, context), "/app/");
        Assert.True(page is null, string.Join('\n', Service.Log.Lines.Where(line => line.Contains("does not go on", StringComparison.Ordinal))));
        return HandleOf(url);
    }

    /// <summary>The handle in the address of an app's page.</summary>
    public static string HandleOf(Uri url) => url.AbsolutePath["/app/".Length..];

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
