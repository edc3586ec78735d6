using System.Text.Json.Nodes;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Pulling;

/// <summary>How a patient's data are searched for, and what servers do with searches and pages.</summary>
public sealed class SearchTests
{
    private const string LocalSerum = "L-2601-3";
    private static readonly JsonObject Expected = Pull.ReportOfBundle(Chart.Bundle, Chart.Patient);

    [Theory]
    [InlineData(LinkStyle.Absolute, false)]
    [InlineData(LinkStyle.Relative, false)]
    [InlineData(LinkStyle.ServerAbsolute, false)]
    [InlineData(LinkStyle.Absolute, true)]
    [InlineData(LinkStyle.ServerAbsolute, true)]
    public async Task Pages_are_followed_however_their_links_are_written(LinkStyle links, bool atBase)
    {
        using var simulator = Simulator.Start(Vendors.Hapi with { Links = links, PagesAtBase = atBase, MaxCount = 50 }, Chart.LongResources());
        await AssertReportAsync(simulator);
        Assert.True(simulator.Requests.Count(request => request.IsNextPage) >= 9);
    }

    [Fact]
    public async Task Entries_without_search_mode_count()
    {
        using var simulator = Simulator.Start(Vendors.Hapi with { SearchMode = false, OutcomeEntries = true }, Chart.LongResources());
        await AssertReportAsync(simulator);
    }

    [Theory]
    [InlineData(TotalStyle.Absent)]
    [InlineData(TotalStyle.Accurate)]
    [InlineData(TotalStyle.OfPage)]
    public async Task The_total_is_never_trusted(TotalStyle total)
    {
        using var simulator = Simulator.Start(Vendors.Hapi with { Total = total, MaxCount = 50 }, Chart.LongResources());
        await AssertReportAsync(simulator);
    }

    [Fact]
    public async Task A_page_that_is_gone_begins_its_search_again_once()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.LongResources()).Inject(Faults.GoneOnNextLink().Once());
        await AssertReportAsync(simulator);
        Assert.Equal(2, simulator.Requests.Count(request => request is { Type: "Condition", IsNextPage: false }));
    }

    [Fact]
    public async Task A_page_that_is_gone_again_is_an_error_and_not_tried_a_third_time()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.LongResources()).Inject(Faults.GoneOnNextLink());
        await using var pull = new Pull(simulator.BaseUrl);
        await Assert.ThrowsAsync<Servers.FhirServerException>(() => pull.ReadAsync(Chart.Patient));
        Assert.Equal(2, simulator.Requests.Count(request => request is { Type: "Condition", IsNextPage: false }));
    }

    [Fact]
    public async Task Conditions_are_never_searched_by_code_but_filtered_here()
    {
        using var simulator = Simulator.Start(Vendors.Oracle, Chart.LongResources());
        await using var pull = new Pull(simulator.BaseUrl);
        var report = await pull.ReportAsync(Chart.Patient);
        Assert.True((bool)report["migraine"]!["present"]!);
        Assert.All(simulator.Requests.Where(request => request.Type == "Condition"), request => Assert.Null(request.Parameter("code")));
    }

    [Fact]
    public async Task Code_lists_come_in_parts_that_every_server_takes()
    {
        var knowledge = Enumerable.Range(0, 200).Aggregate(Knowledge.BuiltIn, (all, i) => all.WithCode("serum-magnesium", "https://laboratory.example.org/codes", $"MAGNESIUM-{i:d4}"));
        using var simulator = Simulator.Start(Vendors.Hapi with { MaxUrlLength = 2000 }, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl);
        Assert.True(JsonNode.DeepEquals(Expected, await pull.ReportAsync(Chart.Patient, knowledge)));

        var asked = simulator.Requests.Where(request => request.Type == "Observation").SelectMany(request => (request.Parameter("code") ?? "").Split(',')).ToHashSet();
        Assert.Superset(Enumerable.Range(0, 200).Select(i => $"https://laboratory.example.org/codes|MAGNESIUM-{i:d4}").ToHashSet(), asked);
        Assert.True(simulator.Requests.Count(request => request.Type == "Observation") > 8);
        Assert.All(simulator.Requests, request => Assert.True(request.Url.AbsoluteUri.Length < 2000));
    }

    [Fact]
    public async Task A_local_code_that_is_configured_is_searched_for()
    {
        using var simulator = Simulator.Start(Vendors.Hapi with { Codes = CodeStyle.LocalOnly }, Chart.Resources());
        Assert.Equal(Expected["serum"]!["status"]!.ToString(), await SerumAsync(simulator));
        Assert.Contains(simulator.Requests, request => request.Parameter("code") == $"{Vendors.LocalSystem}|{LocalSerum}");
        Assert.DoesNotContain(simulator.Requests, request => request.Parameter("category") == "laboratory");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    public async Task Where_a_server_cannot_search_by_local_codes_all_of_the_laboratory_is_read(int status)
    {
        var deaf = new Fault("knows no local codes", (_, _, _) => Task.FromResult(status == 400
            ? Answer.Error(400, "Unknown code system", ErrorStyle.OperationOutcome)
            : new Answer(200, """{"resourceType":"Bundle","type":"searchset"}""")));
        using var simulator = Simulator.Start(Vendors.Hapi with { Codes = CodeStyle.LocalOnly }, Chart.Resources())
            .Inject(deaf.When(request => request.Parameter("code")?.Contains(Vendors.LocalSystem, StringComparison.Ordinal) == true));
        Assert.Equal(Expected["serum"]!["status"]!.ToString(), await SerumAsync(simulator));
        Assert.Contains(simulator.Requests, request => request is { Type: "Observation" } && request.Parameter("category") == "laboratory");
    }

    [Fact]
    public async Task Without_local_codes_the_laboratory_is_not_read_whole()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, [Chart.Resources().First(resource => resource["resourceType"]!.ToString() == "Patient")]);
        await using var pull = new Pull(simulator.BaseUrl);
        Assert.Equal("missing", (await pull.ReportAsync(Chart.Patient))["serum"]!["status"]!.ToString());
        Assert.DoesNotContain(simulator.Requests, request => request.Parameter("category") is not null);
    }

    private static async Task AssertReportAsync(Simulator simulator)
    {
        await using var pull = new Pull(simulator.BaseUrl);
        var actual = await pull.ReportAsync(Chart.Patient);
        Assert.True(JsonNode.DeepEquals(Expected, actual), $"{Expected}\n{actual}");
    }

    private static async Task<string> SerumAsync(Simulator simulator)
    {
        await using var pull = new Pull(simulator.BaseUrl);
        var report = await pull.ReportAsync(Chart.Patient, Knowledge.BuiltIn.WithCode("serum-magnesium", Vendors.LocalSystem, LocalSerum));
        return report["serum"]!["status"]!.ToString();
    }
}
