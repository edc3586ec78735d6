using FhirMg.Fhir.Servers;
using FhirMg.Screening.Bulk;
using FhirMg.Simulators;

namespace FhirMg.Screening.Tests.Bulk;

/// <summary>Kick-off with <c>_type</c>, <c>_typeFilter</c>, <c>_since</c>; robust when a parameter is ignored or refused.</summary>
public class KickOffTests
{
    [Fact]
    public async Task A_group_is_asked_for_by_the_knowledges_types_and_filters()
    {
        var resources = Population.Of(3);
        await using var server = await BulkServer.StartAsync(resources);
        await using var fetching = new Fetching(server.BaseUrl);
        fetching.Options = fetching.Options with { Group = "g1" };

        var outcome = await fetching.RunAsync();

        var kickOff = Assert.Single(server.KickOffs);
        Assert.Equal("/fhir/r4/Group/g1/$export", kickOff.Path);
        Assert.Equal("respond-async", kickOff.Prefer);
        var query = Uri.UnescapeDataString(kickOff.Query);
        Assert.Contains("_type=Condition,Encounter,Medication,MedicationAdministration,MedicationRequest,MedicationStatement,Observation,Patient,QuestionnaireResponse&", query);
        Assert.Contains("_typeFilter=Observation?code=http://loinc.org|", query);
        Assert.Contains("_typeFilter=MedicationRequest?status=active", query);
        Assert.Contains("_typeFilter=MedicationAdministration?status=completed,stopped&effective-time=ge2026-11-21", query);
        Assert.DoesNotContain("_since", query);
        Assert.True(outcome.IsBulk);
        Assert.Equal(Population.Names(resources), fetching.Names());
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero), outcome.TransactionTime);
    }

    [Fact]
    public async Task What_the_server_does_not_list_is_not_asked_for_and_not_taken_as_checked()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1));
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.DoesNotContain("AllergyIntolerance", server.KickOffs[0].Query);
        Assert.Equal(Reasoning.Extraction.DataKinds.Allergies, outcome.NotRead);
    }

    [Theory]
    [InlineData("_typeFilter", 2)]
    [InlineData("_outputFormat", 3)]
    [InlineData("_type", 4)]
    public async Task A_refused_parameter_is_dropped_and_that_is_said(string parameter, int kickOffs)
    {
        var resources = Population.Of(2);
        await using var server = await BulkServer.StartAsync(resources, new() { Refuses = [parameter] });
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.Equal(kickOffs, server.KickOffs.Count);
        Assert.DoesNotContain($"{parameter}=", server.KickOffs[^1].Query);
        Assert.Contains(outcome.Notes, note => note.Contains($"refuses {parameter}:", StringComparison.Ordinal));
        Assert.Equal(Population.Names(resources), fetching.Names());
    }

    [Fact]
    public async Task Types_that_an_ignored_parameter_brings_are_not_fetched()
    {
        var resources = Population.Of(2);
        await using var server = await BulkServer.StartAsync([.. resources, Population.Resource("Claim", "x", 1)], new() { HeedsTypes = false });
        await using var fetching = new Fetching(server.BaseUrl);

        var outcome = await fetching.RunAsync();

        Assert.Equal(Population.Names(resources), fetching.Names());
        Assert.DoesNotContain(server.Downloads, download => download.Path.Contains("Claim", StringComparison.Ordinal));
        Assert.Contains(outcome.Notes, note => note.Contains("Claim", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_patients_are_not_exported_the_whole_system_is()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { WithoutExportAt = ["Patient"] });
        await using var fetching = new Fetching(server.BaseUrl);

        await fetching.RunAsync();

        Assert.Equal(["/fhir/r4/Patient/$export", "/fhir/r4/$export"], server.KickOffs.Select(request => request.Path));
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_and_a_server_that_knows_us_not_is_an_error()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { Token = "secret", KickOffs = [new(429, "0"), new(503, "0"), new(429, "soon")] });
        await using var refused = new Fetching(server.BaseUrl);
        var error = await Assert.ThrowsAsync<FhirServerException>(() => refused.RunAsync());
        Assert.Equal(401, error.Status);

        await using var fetching = new Fetching(server.BaseUrl, options => options with { Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer secret" } });
        Assert.True((await fetching.RunAsync()).IsBulk);
        Assert.True(server.KickOffs.Count >= 4);
        Assert.Equal(0, server.OpenJobs);
    }

    [Fact]
    public async Task A_status_beside_the_base_is_refused_until_it_is_named_as_the_export_base()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(1), new() { StatusBesideBase = true });
        await using var refused = new Fetching(server.BaseUrl);
        var error = await Assert.ThrowsAsync<FhirServerException>(() => refused.RunAsync());
        Assert.Contains("--export-base", error.Message);
        Assert.DoesNotContain(server.Requests, request => request.Path.StartsWith("/bulk/", StringComparison.Ordinal));

        await using var named = new Fetching(server.BaseUrl, options => options with { ExportBase = new(server.BaseUrl, "/bulk") });
        Assert.True((await named.RunAsync()).IsBulk);
    }

    [Fact]
    public async Task Changes_are_added_to_the_earlier_export_and_are_said_to_be_a_part_without_one()
    {
        await using var server = await BulkServer.StartAsync(Population.Of(2));
        await using var alone = new Fetching(server.BaseUrl);
        alone.Options = alone.Options with { Since = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero) };
        Assert.Contains((await alone.RunAsync()).Notes, note => note.Contains("no earlier export", StringComparison.Ordinal));
        Assert.Contains("_since=2026-11-01T00%3A00%3A00Z", server.KickOffs[0].Query);
        Assert.DoesNotContain("status%3Dactive", server.KickOffs[0].Query);

        await using var fetching = new Fetching(server.BaseUrl);
        await fetching.RunAsync();
        server.Options = server.Options with { Deleted = ["Condition/c1", "Observation/o2/_history/3"] };
        fetching.Options = fetching.Options with { Since = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero) };
        var outcome = await fetching.RunAsync();

        Assert.DoesNotContain("Condition/c1", fetching.Names());
        Assert.DoesNotContain("Observation/o2", fetching.Names());
        Assert.Equal(2, fetching.Names().Count(name => name == "Observation/o1"));
        Assert.Equal(4, outcome.Deleted);
    }
}
