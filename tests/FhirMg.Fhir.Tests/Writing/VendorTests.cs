using FhirMg.Fhir.Writing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>The same end state at every vendor's server that takes it; elsewhere a suggestion.</summary>
public sealed class VendorTests
{
    public static TheoryData<string> Writable => [.. Profiles.Keys];

    private static Dictionary<string, VendorProfile> Profiles { get; } = new()
    {
        ["HAPI"] = Vendors.Hapi,
        ["Microsoft"] = Vendors.Microsoft,
        ["HealthLake"] = Vendors.HealthLake,
        ["Medplum"] = Vendors.Medplum,
        ["created without a body"] = Vendors.Hapi with { EmptyWriteAnswers = true, Transactions = false },
        ["extensions are dropped"] = Vendors.Hapi with { DropsExtensions = true },
        ["extensions are dropped, no transactions"] = Vendors.HealthLake with { DropsExtensions = true, SearchLag = TimeSpan.Zero },
        ["parameters not known are ignored"] = Vendors.Hapi with { Unknown = UnknownParameters.Ignored },
    };

    [Theory]
    [MemberData(nameof(Writable))]
    public async Task Written_twice_it_is_there_once(string vendor)
    {
        using var server = Simulator.Start(Profiles[vendor], []);
        await using var writer = new Writer(server.BaseUrl);
        var result = await writer.WriteAsync(Case.Mild);
        Assert.True(result.IsComplete, string.Join('\n', result.Steps));
        Assert.Equal(10, server.Resources.Count);
        await Task.Delay(2 * server.Vendor.SearchLag, TestContext.Current.CancellationToken);
        var before = Snapshot.Exact(server.Resources);
        Assert.All((await writer.WriteAsync(Case.Mild)).Steps, step => Assert.Equal(WriteOutcome.Left, step.Outcome));
        Assert.Equal(before, Snapshot.Exact(server.Resources));
    }

    [Theory]
    [MemberData(nameof(Writable))]
    public async Task Another_conclusion_takes_the_place_of_the_first(string vendor)
    {
        using var server = Simulator.Start(Profiles[vendor], []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        await Task.Delay(2 * server.Vendor.SearchLag, TestContext.Current.CancellationToken);
        var result = await writer.WriteAsync(Case.Mild.WithAnxiety());
        Assert.True(result.IsComplete, string.Join('\n', result.Steps));
        Assert.Equal(2, result.With(WriteOutcome.Withdrawn).Count());
        Assert.Equal(2, server.Resources.Count(resource => resource.Text("status") is "cancelled" or "revoked"));
    }

    [Theory]
    [MemberData(nameof(Writable))]
    public async Task Two_writers_at_once_leave_one_of_each(string vendor)
    {
        using var server = Simulator.Start(Profiles[vendor], []);
        await using var one = new Writer(server.BaseUrl);
        await using var other = new Writer(server.BaseUrl);
        var assessment = Case.Mild.Assess();
        var results = await Task.WhenAll(one.WriteAtOnceAsync(assessment), other.WriteAtOnceAsync(assessment));
        Assert.All(results, result => Assert.True(result.IsComplete, string.Join('\n', result.Steps)));
        await Task.Delay(2 * server.Vendor.SearchLag, TestContext.Current.CancellationToken);
        await one.WriteAsync(assessment);
        var standing = Snapshot.Standing(server.Resources);
        Assert.Equal(10, standing.Count);
        Assert.Equal(10, standing.DistinctBy(ours => (ours.Type, ours.Identifier)).Count());
    }

    [Theory]
    [MemberData(nameof(Writable))]
    public async Task What_was_withdrawn_is_proposed_again_and_what_was_edited_is_left(string vendor)
    {
        using var server = Simulator.Start(Profiles[vendor], []);
        await using var writer = new Writer(server.BaseUrl);
        foreach (var data in new[] { Case.Mild, Case.Mild.WithSerum(0.90m), Case.Mild })
        {
            await writer.WriteAsync(data);
            await Task.Delay(2 * server.Vendor.SearchLag, TestContext.Current.CancellationToken);
        }

        // Our own withdrawals are no rejection: each proposal is there once more, open.
        var open = Snapshot.Standing(server.Resources).Where(ours => ours.Standing == Standing.Ours && WrittenTypes.IsProposal(ours.Type)).ToList();
        Assert.Equal(8, open.Count);

        var lead = server.Resources.First(resource => resource.Text("id") == open.First(ours => ours.Rule == Reasoning.Knowing.Rule.Rx1).Id).DeepClone().AsObject();
        lead["note"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["text"] = "Ask her first" });
        using var person = new HttpClient();
        using var content = new StringContent(lead.ToJsonString(), System.Text.Encoding.UTF8, "application/fhir+json");
        using var response = await person.PutAsync(new Uri($"{server.BaseUrl.AbsoluteUri.TrimEnd('/')}/MedicationRequest/{lead.Text("id")}"), content, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        await Task.Delay(2 * server.Vendor.SearchLag, TestContext.Current.CancellationToken);
        var result = await writer.WriteAsync(Case.Mild.WithSerum(0.90m));
        Assert.Equal(7, result.With(WriteOutcome.Withdrawn).Count());
        Assert.Equal("draft", server.Resources.Single(resource => resource.Text("id") == lead.Text("id")).Text("status"));
    }

    [Theory]
    [InlineData("Oracle")]
    [InlineData("Epic")]
    [InlineData("EverythingOnly")]
    public async Task Where_it_cannot_be_written_it_is_suggested_and_nothing_is_sent(string vendor)
    {
        using var server = Simulator.Start(Vendors.All.Single(profile => profile.Name == vendor), []);
        await using var writer = new Writer(server.BaseUrl);
        var result = await writer.WriteAsync(Case.Mild);
        Assert.All(result.Steps, step => Assert.Equal(WrittenTypes.IsProposal(step.Step.Type) ? WriteOutcome.Suggested : WriteOutcome.Reported, step.Outcome));
        Assert.Equal(5, result.Steps.Count(step => step.Step.Type == "MedicationRequest"));
        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task What_the_server_refuses_after_all_is_suggested_with_its_words()
    {
        var types = Vendors.Hapi.Types.ToDictionary(pair => pair.Key, pair => pair.Key == "ServiceRequest" ? pair.Value with { CreateOnly = ["intent=order"] } : pair.Value);
        using var server = Simulator.Start(Vendors.Hapi with { Types = types }, []);
        await using var writer = new Writer(server.BaseUrl);
        var result = await writer.WriteAsync(Case.Mild);
        var step = Assert.Single(result.With(WriteOutcome.Suggested));
        Assert.Equal("ServiceRequest", step.Step.Type);
        Assert.Contains("intent has to be one of order", step.Step.Reason, StringComparison.Ordinal);
        Assert.Equal(9, server.Resources.Count);
    }

    [Fact]
    public async Task Below_the_policy_write_nothing_is_sent()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var writer = new Writer(server.BaseUrl, policy: Fhir.Servers.WritePolicy.Suggest);
        await writer.WriteAsync(Case.Mild);
        Assert.Empty(server.Resources);
        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }
}
