using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Tests;

/// <summary>A sandbox at a free port, and a client that speaks FHIR with it.</summary>
internal sealed class Hospital : IAsyncDisposable
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseCookies = false };

    private Hospital(SandboxApplication application)
    {
        Application = application;
        Http = new(_handler, disposeHandler: false) { BaseAddress = new($"{application.FhirBase}/") };
    }

    public SandboxApplication Application { get; }

    public HttpClient Http { get; }

    public static async Task<Hospital> OpenAsync(SandboxOptions? options = null) => new(await SandboxApplication.StartAsync(options ?? new(), TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _handler.Dispose();
        await Application.DisposeAsync();
    }

    public async Task<(HttpResponseMessage Response, JsonObject Body)> SendAsync(HttpMethod method, string url, JsonNode? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/fhir+json");
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response, text.Length == 0 ? [] : (JsonObject)JsonNode.Parse(text)!);
    }

    public async Task<JsonObject> GetAsync(string url, string? token = null)
    {
        var (response, body) = await SendAsync(HttpMethod.Get, url, null, token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{url}: {(int)response.StatusCode} {body}");
        return body;
    }

    /// <summary>The ids of a search's matches on one page.</summary>
    public static string[] Ids(JsonObject bundle) => [.. (bundle["entry"] as JsonArray ?? []).Where(entry => (string?)entry!["search"]!["mode"] == "match").Select(entry => (string)entry!["resource"]!["id"]!)];
}
