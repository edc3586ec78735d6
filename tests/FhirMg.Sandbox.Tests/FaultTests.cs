using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Tests;

/// <summary>What is switched on goes wrong, and only that.</summary>
public sealed class FaultTests(OpenHospital shared) : IClassFixture<OpenHospital>
{
    private const string Patient = "adult-mild-with-migraine-p1";
    private readonly Hospital _hospital = shared.Hospital;

    [Theory]
    [InlineData(429, true)]
    [InlineData(503, true)]
    [InlineData(500, false)]
    [InlineData(403, false)]
    public async Task A_status_is_answered_as_often_as_was_said(int status, bool tellsWhen)
    {
        await SetAsync(new { status, times = 2 });
        for (var time = 0; time < 2; time++)
        {
            var (response, body) = await _hospital.SendAsync(HttpMethod.Get, $"Patient/{Patient}");
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(tellsWhen, response.Headers.RetryAfter is not null);
            Assert.Equal("OperationOutcome", (string)body["resourceType"]!);
        }

        await _hospital.GetAsync($"Patient/{Patient}");
    }

    [Fact]
    public async Task Answers_wait()
    {
        await SetAsync(new { delayMs = 400 });
        var start = Stopwatch.GetTimestamp();
        await _hospital.GetAsync($"Patient/{Patient}");
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(350));
    }

    [Theory]
    [InlineData("""{"status":200}""")]
    [InlineData("""{"delayMs":-1}""")]
    [InlineData("""{"vendor":"nobody"}""")]
    [InlineData("""{"times":-1}""")]
    public async Task A_fault_that_there_is_not_is_refused(string faults)
    {
        using var content = new StringContent(faults, System.Text.Encoding.UTF8, "application/json");
        var response = await _hospital.Http.PostAsync(new Uri("/faults", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("full", true, true, true)]
    [InlineData("no-transaction", false, true, true)]
    [InlineData("oracle-health", false, false, false)]
    [InlineData("read-only", false, false, true)]
    public async Task A_vendor_does_what_its_statement_says(string vendor, bool transactions, bool orders, bool findsByCode)
    {
        await SetAsync(new { vendor });
        var statement = await _hospital.GetAsync("metadata");
        var rest = statement["rest"]![0]!;
        Assert.Equal(transactions, Codes(rest).Contains("transaction"));
        Assert.Equal(orders, Codes(Type(rest, "MedicationRequest")!).Contains("create"));
        Assert.Equal(vendor != "oracle-health", Type(rest, "RiskAssessment") is not null);
        Assert.Equal(findsByCode, Type(rest, "Condition")!["searchParam"]!.AsArray().Any(one => (string)one!["name"]! == "code"));
        Assert.Equal(orders, (await _hospital.SendAsync(HttpMethod.Post, "MedicationRequest", FhirTests.Order("urn:vendor", vendor))).Response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(findsByCode, (await _hospital.SendAsync(HttpMethod.Get, $"Condition?patient={Patient}&code=x")).Response.StatusCode == HttpStatusCode.OK);
        Assert.Equal(vendor != "oracle-health", (await _hospital.SendAsync(HttpMethod.Get, $"RiskAssessment?patient={Patient}")).Response.StatusCode == HttpStatusCode.OK);
        var transaction = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = new JsonArray() };
        Assert.Equal(transactions, (await _hospital.SendAsync(HttpMethod.Post, "", transaction)).Response.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pages_of_other_origins_may_ask()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, $"Patient/{Patient}");
        preflight.Headers.Add("Origin", "https://app.example.org");
        preflight.Headers.Add("Access-Control-Request-Method", "PUT");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,if-match,content-type");
        var answer = await _hospital.Http.SendAsync(preflight, TestContext.Current.CancellationToken);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("PUT", string.Join(',', answer.Headers.GetValues("Access-Control-Allow-Methods")));
        await SetAsync(new { status = 429, times = 1 });
        var (throttled, _) = await _hospital.SendAsync(HttpMethod.Get, $"Patient/{Patient}", headers: ("Origin", "https://app.example.org"));
        Assert.Equal("*", throttled.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Retry-After", string.Join(',', throttled.Headers.GetValues("Access-Control-Expose-Headers")));
    }

    private async Task SetAsync(object faults)
    {
        var response = await _hospital.Http.PostAsJsonAsync(new Uri("/faults", UriKind.Relative), faults, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static List<string> Codes(JsonNode owner) => [.. owner["interaction"]!.AsArray().Select(one => (string)one!["code"]!)];

    private static JsonNode? Type(JsonNode rest, string type) => rest["resource"]!.AsArray().FirstOrDefault(one => (string)one!["type"]! == type);
}
