using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>A FHIR server of a few given resources, on a loopback port.</summary>
internal sealed class Hospital : IAsyncDisposable
{
    private const string Capability =
        """{"resourceType":"CapabilityStatement","status":"active","kind":"instance","fhirVersion":"4.0.1","format":["json"],"rest":[{"mode":"server","resource":[{"type":"Patient","interaction":[{"code":"read"}]},{"type":"Observation","interaction":[{"code":"search-type"}],"searchParam":[{"name":"patient","type":"reference"},{"name":"code","type":"token"}]}]}]}""";

    private readonly WebApplication _application;
    private int _requests;

    private Hospital(WebApplication application) => _application = application;

    public Uri Url => new($"{_application.Urls.First()}/fhir");

    public int Requests => _requests;

    /// <summary>Whether it tells nobody without a token what it can do.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>Starts it.</summary>
    /// <param name="resources">Resources by <c>Type/id</c>, as JSON.</param>
    /// <param name="isGuarded">Whether it answers 401 to all.</param>
    public static async Task<Hospital> StartAsync(IReadOnlyDictionary<string, string>? resources = null, bool isGuarded = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var application = builder.Build();
        var hospital = new Hospital(application) { IsGuarded = isGuarded };
        application.MapGet("/fhir/{**path}", (string path) =>
        {
            Interlocked.Increment(ref hospital._requests);
            return hospital.IsGuarded ? Results.StatusCode(StatusCodes.Status401Unauthorized)
                : path == "metadata" ? Results.Text(Capability, "application/fhir+json")
                : resources?.GetValueOrDefault(path) is { } resource ? Results.Text(resource, "application/fhir+json")
                : path.Contains('/', StringComparison.Ordinal) ? Results.NotFound()
                : Results.Text("""{"resourceType":"Bundle","type":"searchset"}""", "application/fhir+json");
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return hospital;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
