using System.Diagnostics;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Pulling;

/// <summary>Whatever goes wrong on the way, the report is the right one or there is none: a part never passes for the whole.</summary>
public sealed class FaultTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Survived => [.. Faulty.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, Func<Fault>> Faulty { get; } = new()
    {
        ["429 with seconds"] = () => Faults.RetryAfterSeconds(429, 1).Times(2),
        ["503 with a date"] = () => Faults.RetryAfterDate(503, Soon).Times(2),
        ["503 with a past date"] = () => Faults.RetryAfterDate(503, -Soon).Times(2),
        ["429 with an epoch"] = () => Faults.RetryAfterEpoch(429, Soon).Times(2),
        ["429 with garbage"] = () => Faults.RetryAfterGarbage(429).Times(2),
        ["429 with milliseconds"] = () => Faults.RetryAfterMilliseconds(429, 50).Times(2),
        ["408"] = () => Faults.Status(408).Times(2),
        ["425"] = () => Faults.Status(425).Times(2),
        ["500 as HTML"] = () => Faults.Status(500, ErrorStyle.Html).Times(2),
        ["502"] = () => Faults.Status(502).Times(2),
        ["503"] = () => Faults.Status(503).Times(2),
        ["504"] = () => Faults.Status(504).Times(2),
        ["latency"] = () => Faults.Latency(TimeSpan.FromMilliseconds(200)).Times(3),
        ["an HTML page once"] = () => Faults.HtmlPage().On("Observation").Once(),
        ["truncated JSON once"] = () => Faults.TruncatedJson().On("Observation").Once(),
        ["an OperationOutcome in place of the patient once"] = () => Faults.OutcomeInstead().On("Patient").Once(),
        ["HTML in place of the patient once"] = () => Faults.HtmlPage().On("Patient").Once(),
        ["an empty body once"] = () => Faults.EmptyBody().On("Observation").Once(),
        ["a wrong content type"] = () => Faults.WrongContentType(),
        ["duplicates across pages"] = () => Faults.DuplicatesAcrossPages(),
        ["a page gone once"] = () => Faults.GoneOnNextLink().Once(),
        ["a wrong total"] = () => Faults.WrongTotal(),
        ["an OperationOutcome among results"] = () => Faults.OutcomeEntry(),
        ["another patient's result"] = () => Faults.WrongPatient(JsonNode.Parse("""
            {"resourceType":"Observation","id":"alien","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2601-3"}]},
             "subject":{"reference":"Patient/somebody-else"},"effectiveDateTime":"2026-11-22T00:00:00Z",
             "valueQuantity":{"value":0.3,"system":"http://unitsofmeasure.org","code":"mmol/L"}}
            """)!.AsObject()),
    };

    [Theory]
    [MemberData(nameof(Survived))]
    public async Task A_passing_fault_leaves_the_report_as_it_is(string name)
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.LongResources()).Inject(Faulty[name]());
        await using var pull = new Pull(simulator.BaseUrl);
        var actual = await pull.ReportAsync(Chart.Patient);
        var expected = Pull.ReportOfBundle(Chart.Bundle, Chart.Patient);
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{expected}\n{actual}");
    }

    public static TheoryData<string> Fatal => [.. Lasting.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, (Func<Fault> Fault, string Says)> Lasting { get; } = new()
    {
        ["503 for good"] = (() => Faults.Status(503).On("Condition"), "503"),
        ["429 for good"] = (() => Faults.RetryAfterSeconds(429, 0).On("Condition"), "429"),
        ["absurd Retry-After"] = (() => Faults.RetryAfterAbsurd(429).On("Condition"), "did not come within"),
        ["HTML for good"] = (() => Faults.HtmlPage().On("Observation"), "no valid JSON"),
        ["truncated for good"] = (() => Faults.TruncatedJson().On("Observation"), "no valid JSON"),
        ["an OperationOutcome in place of results"] = (() => Faults.OutcomeInstead().On("Condition"), "no Bundle but OperationOutcome"),
        ["hang"] = (() => Faults.Hang().On("Condition"), "did not come within"),
        ["page loop"] = (() => Faults.PageLoop(), "circle"),
        ["page loop to the first"] = (() => Faults.PageLoopToFirst().When(request => request.Type == "Condition" || request.IsNextPage), "circle"),
        ["page always gone"] = (() => Faults.GoneOnNextLink(), "expire"),
        ["garbage next link"] = (() => Faults.GarbageNextLink(), "no url"),
    };

    [Theory]
    [MemberData(nameof(Fatal))]
    public async Task A_lasting_fault_ends_in_an_error_that_says_so_and_in_no_report(string name)
    {
        var (fault, says) = Lasting[name];
        var endsWithDeadline = says == "did not come within";
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.LongResources()).Inject(fault());
        await using var pull = new Pull(simulator.BaseUrl, options => options with { Deadline = endsWithDeadline ? TimeSpan.FromSeconds(3) : options.Deadline });
        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.ReadAsync(Chart.Patient));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.True(!endsWithDeadline || clock.Elapsed < TimeSpan.FromSeconds(10), $"it took {clock.Elapsed}");
    }

    [Theory]
    [InlineData(403)]
    [InlineData(401)]
    [InlineData(400)]
    public async Task A_type_that_we_may_not_read_is_named_and_its_rules_are_not_checked(int status)
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources()).Inject(Faults.Status(status).On("AllergyIntolerance"));
        await using var pull = new Pull(simulator.BaseUrl);
        var report = await pull.ReportAsync(Chart.Patient);
        Assert.Contains("allergies", report["notRead"]!.AsArray().Select(kind => (string?)kind));
        Assert.Contains("SAFE-6", report["notChecked"]!.AsArray().Select(rule => (string?)rule));
    }

    [Fact]
    public async Task An_unknown_patient_is_an_error_that_says_so()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl);
        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.ReadAsync("nobody"));
        Assert.Contains("no such patient", error.Message, StringComparison.Ordinal);
    }
}
