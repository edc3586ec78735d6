using FhirMg.Fhir.Tokens;
using FhirMg.Service.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Launch;

/// <summary>The service configured for an <see cref="OddServer"/>, and a browser.</summary>
internal sealed class OddLaunch : IAsyncDisposable
{
    private OddLaunch(OddServer server, RunningService service) => (Server, Service) = (server, service);

    public OddServer Server { get; }

    public RunningService Service { get; }

    public Browser Browser { get; } = new();

    public AppSessions Sessions => Service.Services.GetRequiredService<AppSessions>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts both.</summary>
    /// <param name="client">Settings of the server, or of the whole when they begin with a slash.</param>
    /// <param name="time">The service's clock; null for the system's.</param>
    public static async Task<OddLaunch> StartAsync(IReadOnlyDictionary<string, string?>? client = null, TimeProvider? time = null)
    {
        var server = await OddServer.StartAsync();
        var settings = RunningService.Serving(new(server.Base));
        (settings["Servers:0:ClientId"], settings["Servers:0:Deadline"]) = ("fhirmg", "00:01:00");
        foreach (var (key, value) in client ?? new Dictionary<string, string?>())
        {
            settings[key.StartsWith('/') ? key[1..] : $"Servers:0:{key}"] = value;
        }

        return new(server, await RunningService.StartAsync(settings, time: time));
    }

    public Uri Url(string query) => new(Service.Url, $"{LaunchPaths.Launch}{query}");

    public Uri EhrLaunch => Url($"?iss={Uri.EscapeDataString(Server.Base)}&launch=xyz");

    /// <summary>Launches; the session, or the page in its place.</summary>
    public async Task<(AppSession? Session, string? Page)> TryAsync(Uri? url = null)
    {
        var (end, page) = await Browser.FollowAsync(url ?? EhrLaunch, "/app/");
        return page is null
            ? (await Browser.SessionAsync(Service, LaunchedHospital.HandleOf(end)), null)
            : (null, await page.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Launches, which must go well.</summary>
    public async Task<AppSession> LaunchAsync()
    {
        var (session, page) = await TryAsync();
        Assert.True(session is not null, $"{page}\n{string.Join('\n', Service.Log.Lines.Where(line => line.Contains("does not go on", StringComparison.Ordinal)))}");
        return session;
    }

    public Task<CallerToken> TokenAsync(AppSession session) => Sessions.TokenAsync(session, Cancellation);

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Service.DisposeAsync();
        await Server.DisposeAsync();
    }
}
