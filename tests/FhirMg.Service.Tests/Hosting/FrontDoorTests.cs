using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirMg.Browsing;
using FhirMg.Service.Access;
using FhirMg.Service.Hosting;
using FhirMg.Service.Store;
using FhirMg.Service.Tests.Hooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>Where the service is found, and who is remembered to have asked.</summary>
public sealed partial class FrontDoorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_root_says_where_everything_is()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(new("http://127.0.0.1:9/fhir")));
        var places = JsonNode.Parse(await service.Http.GetStringAsync(new Uri("", UriKind.Relative), Cancellation))!.AsObject();
        foreach (var place in new[] { "cdsServices", "fhir", "openApi", "metrics" })
        {
            using var answer = await service.Http.GetAsync(new Uri((string)places[place]!), Cancellation);
            Assert.True(answer.IsSuccessStatusCode, $"{place}: {(int)answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("en", "Where everything is")]
    [InlineData("ru", "Где что находится")]
    public async Task A_person_gets_a_page_whose_links_all_lead_somewhere(string language, string says)
    {
        await using var hospital = await Hospital.StartAsync();
        await using var service = await RunningService.StartAsync(RunningService.Serving(hospital.Url));
        using var answer = await PageAsync(service, language);
        var page = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(("text/html", language), (answer.Content.Headers.ContentType?.MediaType, Assert.Single(answer.Content.Headers.ContentLanguage)));
        Assert.Contains(says, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        using var app = await service.Http.GetAsync(new Uri("app", UriKind.Relative), Cancellation);
        foreach (var header in new[] { "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control" })
        {
            Assert.Equal(app.Headers.GetValues(header), answer.Headers.GetValues(header));
        }

        var links = Link().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Empty(((string[])["/cds-services", "/fhir/metadata", "/health/ready", "/openapi/v1.json", "/docs/operating.md"]).Except(links));
        foreach (var link in links)
        {
            using var place = await service.Http.GetAsync(new Uri(service.Url, link), Cancellation);
            Assert.True(place.IsSuccessStatusCode, $"{link}: {(int)place.StatusCode}");
        }
    }

    [Fact]
    public async Task The_page_leads_to_the_simulated_hospital_where_there_is_one()
    {
        await using var service = await RunningService.StartAsync(new Dictionary<string, string?>(), adjust: builder => builder.Configuration["Sandbox:Port"] = "0");
        using var answer = await PageAsync(service, "en");
        var ehr = Assert.Single(Link().Matches(await answer.Content.ReadAsStringAsync(Cancellation)), match => match.Groups[1].Value.StartsWith("http", StringComparison.Ordinal)).Groups[1].Value;
        using var chart = await service.Http.GetAsync(new Uri(ehr), Cancellation);
        Assert.Equal(("text/html", true), (chart.Content.Headers.ContentType?.MediaType, chart.IsSuccessStatusCode));
    }

    [Fact]
    public async Task Documents_are_plain_text_and_others_are_not_found()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(new("http://127.0.0.1:9/fhir")));
        using var document = await service.Http.GetAsync(new Uri("docs/operating.md", UriKind.Relative), Cancellation);
        Assert.Equal("text/plain", document.Content.Headers.ContentType?.MediaType);
        Assert.Equal(await File.ReadAllTextAsync(Repository.Path("docs", "operating.md"), Cancellation), await document.Content.ReadAsStringAsync(Cancellation));
        using var other = await service.Http.GetAsync(new Uri("docs/appsettings.json", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Theory]
    [InlineData("en", false, 1280)]
    [InlineData("ru", true, 400)]
    public async Task The_page_is_accessible_and_fits(string language, bool dark, int width)
    {
        await using var service = await RunningService.StartAsync(new Dictionary<string, string?>(), adjust: builder => builder.Configuration["Sandbox:Port"] = "0");
        await using var browser = new Browser();
        await using var context = await browser.OpenAsync(new(language, dark, width));
        var page = await context.NewPageAsync();
        await page.GotoAsync(service.Url.AbsoluteUri);
        await page.AssertGoodAsync($"front-{language}");
    }

    [Fact]
    public void A_port_that_somebody_else_has_is_left_to_them()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.NotEqual(port, DemoHospital.FreePort(port));
        taken.Stop();
        Assert.Equal(port, DemoHospital.FreePort(port));
    }

    [Fact]
    public async Task Operations_leave_entries_in_the_access_log_also_when_they_fail()
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(new("http://127.0.0.1:9/fhir")), time: new SampleTime());
        var bundle = await File.ReadAllTextAsync(Repository.Path("fhir-samples", "adult-mild-with-migraine", "bundle.json"), Cancellation);
        using var body = new StringContent(bundle, System.Text.Encoding.UTF8, "application/fhir+json");
        using var answer = await service.Http.PostAsync(new Uri("fhir/$evaluate", UriKind.Relative), body, Cancellation);
        using var failed = await service.Http.GetAsync(new Uri("fhir/PlanDefinition/magnesium-migraine/$apply?subject=Patient/p9", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(failed.IsSuccessStatusCode);
        await service.Services.GetServices<IHostedService>().OfType<AccessLog>().Single().StopAsync(Cancellation);
        await using var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        var entries = await store.Set<AccessEntry>().OrderBy(entry => entry.Id).ToListAsync(Cancellation);
        Assert.Equal([("$evaluate", 200), ("$apply", (int)failed.StatusCode)], entries.Select(entry => (entry.Operation, entry.Status)));
        Assert.Contains("RX-1", entries[0].Rules, StringComparison.Ordinal);
        Assert.Equal("hospital", entries[0].Server);
        Assert.StartsWith("Patient/", entries[0].Patient, StringComparison.Ordinal);
        Assert.Equal("Patient/p9", entries[1].Patient);
    }

    // As a browser asks.
    private static async Task<HttpResponseMessage> PageAsync(RunningService service, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        request.Headers.AcceptLanguage.ParseAdd(language);
        return await service.Http.SendAsync(request, Cancellation);
    }

    [GeneratedRegex("<a href=\"([^\"]+)\"")]
    private static partial Regex Link();
}
