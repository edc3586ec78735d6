using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FhirMg.Service.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>Operating the service: health, metrics, limits, errors and who may call.</summary>
public sealed class OperatingTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/fhir");
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_alive_without_its_server_and_not_ready()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(Nowhere));
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("health/live", Cancellation)).StatusCode);
        using var ready = await service.Http.GetAsync("health/ready", Cancellation);
        var body = await ready.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("Healthy", body.GetProperty("store").GetProperty("status").GetString());
        Assert.Equal("does not answer", body.GetProperty("servers").GetProperty("hospital").GetString());
    }

    [Fact]
    public async Task It_is_ready_with_its_server_and_asks_it_once()
    {
        await using var hospital = await Hospital.StartAsync();
        await using var service = await RunningService.StartAsync(RunningService.Serving(hospital.Url));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("health/ready", Cancellation)).StatusCode);
        }

        Assert.Equal(1, hospital.Requests);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_token_even_for_its_metadata_answers()
    {
        await using var hospital = await Hospital.StartAsync(isGuarded: true);
        await using var service = await RunningService.StartAsync(new Dictionary<string, string?>(RunningService.Serving(hospital.Url)) { ["Servers:0:Auth"] = "smart-only" });
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("health/ready", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Metrics_show_calls_and_breakers_by_server()
    {
        await using var hospital = await Hospital.StartAsync();

        // A name of its own: meters of one name are one to an exporter, whichever service of the process has them.
        await using var service = await RunningService.StartAsync(new Dictionary<string, string?>(RunningService.Serving(hospital.Url)) { ["Servers:0:Name"] = "measured" });
        await service.Http.GetAsync("health/ready", Cancellation);
        var metrics = await service.Http.GetStringAsync("metrics", Cancellation);
        Assert.Matches("fhirmg_server_calls_total\\{.*server=\"measured\"", metrics);
        Assert.Matches("fhirmg_server_breaker\\{.*server=\"measured\"", metrics);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_as_an_outcome()
    {
        await using var service = await RunningService.StartAsync(new Dictionary<string, string?>(RunningService.Serving(Nowhere)) { ["Limits:RequestBytes"] = "1000" });
        using var body = new StringContent(new string(' ', 2000), Encoding.UTF8, "application/fhir+json");
        using var answer = await service.Http.PostAsync("fhir/$evaluate", body, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("OperationOutcome", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("resourceType").GetString());
    }

    [Fact]
    public async Task A_client_above_its_rate_is_told_when_to_come_again_and_health_still_answers()
    {
        await using var service = await RunningService.StartAsync(new Dictionary<string, string?>(RunningService.Serving(Nowhere)) { ["Limits:RequestsPerSecond"] = "1" });
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await service.Http.GetAsync("fhir/metadata", Cancellation));
        }

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, answers[0].StatusCode);
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Contains("OperationOutcome", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("health/live", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Outside_development_nobody_may_call_without_an_authority()
    {
        await using var service = await RunningService.StartAsync(
            new Dictionary<string, string?> { ["PublicUrl"] = "https://mg.example", ["Servers:0:Name"] = "hospital", ["Servers:0:BaseUrl"] = Nowhere.AbsoluteUri }, "Production");
        foreach (var token in (string?[])[null, "not.a.token"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "fhir/PlanDefinition");
            request.Headers.Authorization = token is null ? null : new("Bearer", token);
            using var answer = await service.Http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("OperationOutcome", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("fhir/metadata", Cancellation)).StatusCode);
        Assert.DoesNotContain("not.a.token", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_our_own_reaches_nobody_as_a_stack_trace()
    {
        var answer = ErrorRegistration.Translate(new InvalidOperationException("Patient Smith broke it"));
        Assert.Null(answer);
        await using var service = await RunningService.StartAsync(RunningService.Serving(Nowhere), adjust: builder =>
            builder.Services.AddSingleton<IAuthorizationHandler>(new Breaking()));
        using var broken = await service.Http.GetAsync("fhir/PlanDefinition", Cancellation);
        var text = await broken.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.DoesNotContain("Smith", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Smith", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_FHIR_is_described_by_OpenAPI_and_errs_by_problem_details()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(Nowhere));
        var document = await service.Http.GetFromJsonAsync<JsonElement>("openapi/v1.json", Cancellation);
        Assert.Equal("FhirMg", document.GetProperty("info").GetProperty("title").GetString());
        var paths = document.GetProperty("paths");
        foreach (var (path, method, status) in new[]
        {
            ("/cds-services", "get", "200"), ("/cds-services/{id}", "post", "412"), ("/cds-services/{id}/feedback", "post", "200"), ("/cds-services/{id}/feedback/summary", "get", "200"),
            ("/screenings", "post", "202"), ("/screenings/{id}", "get", "404"), ("/rules", "get", "200"),
        })
        {
            var operation = paths.GetProperty(path).GetProperty(method);
            Assert.NotEqual("", operation.GetProperty("summary").GetString());
            Assert.True(operation.GetProperty("responses").TryGetProperty(status, out _), path);
            Assert.Equal(path.Contains("{id}", StringComparison.Ordinal), operation.TryGetProperty("parameters", out var parameters) && parameters.EnumerateArray().Any(one => one.GetProperty("name").GetString() == "id"));
        }

        Assert.True(paths.GetProperty("/cds-services/{id}").GetProperty("post").TryGetProperty("requestBody", out _));
        using var missing = await service.Http.GetAsync("no-such-page", Cancellation);
        Assert.Equal("application/problem+json", missing.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    // Breaks inside the pipeline as a fault of ours would.
    private sealed class Breaking : IAuthorizationHandler
    {
        public Task HandleAsync(AuthorizationHandlerContext context) => throw new InvalidOperationException("Patient Smith broke it");
    }
}
