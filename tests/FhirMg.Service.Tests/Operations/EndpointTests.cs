using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Service.Access;
using FhirMg.Service.Store;
using FhirMg.Service.Tests.Hooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Operations;

/// <summary>What holds for every call of <c>/fhir</c>: who may, whose addresses links have, what is told of it.</summary>
public sealed class EndpointTests
{
    private const string Bundle = """{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p9"}}]}""";
    private const string Proposed = "\\\"RX-1\\\",\\\"resource\\\"";
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/fhir");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_of_the_authority_with_audience_and_scope_is_let_in_and_no_other()
    {
        await using var authority = await Authority.StartAsync();
        var settings = authority.Settings(RunningService.Serving(Nowhere));
        settings["Servers:0:AllowUnauthenticatedCds"] = "false";
        settings["PublicUrl"] = "https://fhirmg.example.org";
        await using var service = await RunningService.StartAsync(settings, "Production");
        var summary = $"/cds-services/{Call.PatientView}/feedback/summary";
        foreach (var url in new[] { "/fhir/$evaluate", "/fhir/PlanDefinition/magnesium-migraine", "/screenings", summary })
        {
            Assert.Equal(401, await StatusAsync(url, null));
            Assert.Equal(401, await StatusAsync(url, "x"));
            Assert.Equal(401, await StatusAsync(url, authority.Token(audience: "other")));
            Assert.Equal(401, await StatusAsync(url, authority.Token(lifetime: TimeSpan.FromHours(-1))));
            Assert.Equal(403, await StatusAsync(url, authority.Token(scope: "system/Patient.rs")));
            Assert.Equal(200, await StatusAsync(url, authority.Token()));
        }

        // Who asked is told of by the access log: the client, and the person on whose behalf.
        Assert.Equal(("a-client", "Practitioner/a"), await UntilAsync(service, entry => entry is { Operation: "$evaluate", Status: 200 }, entry => (entry.Client, entry.User)));
        var metadata = JsonNode.Parse(await service.Http.GetStringAsync(new Uri("/fhir/metadata", UriKind.Relative), Cancellation))!;
        Assert.Contains(authority.Url.AbsoluteUri, (string)metadata["rest"]![0]!["security"]!["description"]!, StringComparison.Ordinal);

        async Task<int> StatusAsync(string url, string? token)
        {
            using var request = new HttpRequestMessage(url.EndsWith("$evaluate", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, url);
            request.Content = request.Method == HttpMethod.Post ? new StringContent(Bundle, Encoding.UTF8, "application/fhir+json") : null;
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var response = await service.Http.SendAsync(request, Cancellation);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task Links_lead_where_the_service_is_reached_whatever_the_request_names_as_host()
    {
        var settings = RunningService.Serving(Nowhere);
        settings["PublicUrl"] = "https://fhirmg.example.org/mg";
        await using var service = await RunningService.StartAsync(settings);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/ValueSet?_count=1");
        request.Headers.Host = "evil.example";
        using var response = await service.Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain("evil.example", text, StringComparison.Ordinal);
        Assert.StartsWith("https://fhirmg.example.org/mg/fhir/ValueSet?", (string?)JsonNode.Parse(text)!["link"]!.AsArray().First(link => (string?)link!["relation"] == "next")!["url"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/fhir/$evaluate?subject=Patient/p1&asof=2020-01-01", "there is no parameter 'asof'")]
    [InlineData("/fhir/ValueSet?nme=x", "nme")]
    public async Task Whoever_wants_it_strict_is_told_of_a_parameter_that_there_is_none_of(string url, string says)
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(Nowhere));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("Prefer", "handling=strict");
        using var response = await service.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(says, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_end_is_refused()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(Nowhere));
        using var content = new StringContent("x");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data");
        using var response = await service.Http.PostAsync(new Uri("/fhir/ValueSet/_search", UriKind.Relative), content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_rule_that_is_switched_off_is_so_for_several_servers_too()
    {
        var settings = RunningService.Serving(Nowhere);
        settings["Servers:1:Name"] = "other";
        settings["Servers:1:BaseUrl"] = "http://127.0.0.1:9/other";
        var bundle = await File.ReadAllTextAsync(Repository.Path("fhir-samples", "adult-mild-with-migraine", "bundle.json"), Cancellation);
        await using (var service = await RunningService.StartAsync(settings))
        {
            Assert.Contains(Proposed, await EvaluateAsync(service, bundle), StringComparison.Ordinal);
        }

        settings["DisabledRules:0"] = "RX-1";
        await using var without = await RunningService.StartAsync(settings);
        Assert.DoesNotContain(Proposed, await EvaluateAsync(without, bundle), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_is_told_of_the_patient_too_and_can_be_erased()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(Nowhere));
        using var failed = await service.Http.GetAsync(new Uri($"/fhir/$evaluate?subject={Uri.EscapeDataString("Patient/p9/_history/2")}", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Equal(("hospital", "Patient/p9"), await UntilAsync(service, entry => entry.Status == 503, entry => (entry.Server, entry.Patient)));
        var erased = await service.Services.GetRequiredService<Erasure>().ErasePatientAsync("hospital", "Patient/p9", Cancellation);
        Assert.Contains(("AccessLog", 1), erased);
    }

    private static async Task<string> EvaluateAsync(RunningService service, string bundle)
    {
        using var content = new StringContent(bundle, Encoding.UTF8, "application/fhir+json");
        using var response = await service.Http.PostAsync(new Uri("/fhir/$evaluate?asOf=2026-11-23T00:00:00Z", UriKind.Relative), content, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task<T> UntilAsync<T>(RunningService service, Func<AccessEntry, bool> isIt, Func<AccessEntry, T> of)
    {
        for (var until = TimeProvider.System.GetUtcNow() + Patience; ; await Task.Delay(100, Cancellation))
        {
            await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
            if ((await store.Set<AccessEntry>().AsNoTracking().ToListAsync(Cancellation)).FirstOrDefault(isIt) is { } entry)
            {
                return of(entry);
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, "the access log does not tell of it");
        }
    }
}
