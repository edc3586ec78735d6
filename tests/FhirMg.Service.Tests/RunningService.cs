using FhirMg.Service.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirMg.Service.Tests;

/// <summary>The real service on a free loopback port, with a store of its own.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly string _folder;

    private RunningService(WebApplication application, string folder, LogBook log)
    {
        (_application, _folder, Log) = (application, folder, log);
        Url = new(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient { BaseAddress = Url };
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>A client without credentials.</summary>
    public HttpClient Http { get; }

    /// <summary>Everything that was logged, at every level.</summary>
    public LogBook Log { get; }

    /// <summary>Its services.</summary>
    public IServiceProvider Services => _application.Services;

    /// <summary>Starts the service.</summary>
    /// <param name="settings">Configuration below <c>FhirMg</c>, such as <c>Servers:0:BaseUrl</c>.</param>
    /// <param name="environment">Development, unless said otherwise.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="adjust">More changes before it is built; null for none.</param>
    public static async Task<RunningService> StartAsync(
        IReadOnlyDictionary<string, string?> settings, string environment = "Development", TimeProvider? time = null, Action<WebApplicationBuilder>? adjust = null)
    {
        var folder = Directory.CreateTempSubdirectory("fhirmg-service-").FullName;
#pragma warning disable CA2000 // The application's logging disposes of it.
        var log = new LogBook();
#pragma warning restore CA2000
        var application = ServiceApplication.Build(["--environment", environment, "--urls", "http://127.0.0.1:0"], builder =>
        {
            builder.Configuration.AddInMemoryCollection([new("FhirMg:Store:ConnectionString", $"Data Source={Path.Combine(folder, "store.db")}")]);
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"FhirMg:{setting.Key}", setting.Value)));
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
            if (time is not null)
            {
                builder.Services.AddSingleton(time);
            }

            adjust?.Invoke(builder);
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new(application, folder, log);
    }

    /// <summary>The configuration of one server that needs no token, and may take its time on a busy machine.</summary>
    public static Dictionary<string, string?> Serving(Uri fhirBase, string language = "en") => new(StringComparer.Ordinal)
    {
        ["Servers:0:Name"] = "hospital",
        ["Servers:0:BaseUrl"] = fhirBase.AbsoluteUri,
        ["Servers:0:Language"] = language,
        ["Servers:0:AllowUnauthenticatedCds"] = "true",
        ["Servers:0:Deadline"] = "00:01:00",
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
