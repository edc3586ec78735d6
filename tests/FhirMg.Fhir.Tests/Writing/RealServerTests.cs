using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>The table against a server that really stores, with transactions and without.</summary>
/// <remarks>Lenient, since its validator finds ras-2 broken in every prediction without a probability, and we write none.</remarks>
public sealed class RealServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Written_twice_no_sample_leaves_one_resource_more_or_changed(bool noTransaction)
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true, NoTransaction = noTransaction }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        var written = 0;
        foreach (var name in Case.Names)
        {
            await server.ResetAsync(Cancellation);
            foreach (var assessment in Case.Sample(name).AssessAll())
            {
                Assert.True((await writer.WriteAsync(assessment)).IsComplete, name);
            }

            var first = await server.DumpAsync(Cancellation);

            // One sample is about the last moment that its evidence counts.
            foreach (var assessment in Case.Sample(name).AssessAll(name == "serum-exactly-365-days-old" ? Case.AsOf : Case.AsOf.AddMinutes(7)))
            {
                Assert.All((await writer.WriteAsync(assessment)).Steps, step => Assert.True(step.Outcome is WriteOutcome.Left or WriteOutcome.Reported, $"{name}: {step}"));
            }

            Assert.Equal(Snapshot.Exact(first), Snapshot.Exact(await server.DumpAsync(Cancellation)));
            written += first.Count;
        }

        Assert.True(written > 500, $"{written}");
    }

    [Fact]
    public async Task Single_creates_leave_what_a_transaction_leaves()
    {
        await using var whole = await RealServer.StartAsync(new() { Lenient = true }, Cancellation);
        await using var single = await RealServer.StartAsync(new() { Lenient = true, NoTransaction = true }, Cancellation);
        await using var wholeWriter = new Writer(whole.BaseUrl);
        await using var singleWriter = new Writer(single.BaseUrl);
        var written = 0;
        foreach (var name in Case.Names)
        {
            await Task.WhenAll(whole.ResetAsync(Cancellation), single.ResetAsync(Cancellation));
            foreach (var assessment in Case.Sample(name).AssessAll())
            {
                Assert.True((await wholeWriter.WriteAsync(assessment)).IsComplete, name);
                Assert.True((await singleWriter.WriteAsync(assessment)).IsComplete, name);
            }

            var left = await single.DumpAsync(Cancellation);
            Assert.Equal(Snapshot.Of(await whole.DumpAsync(Cancellation)), Snapshot.Of(left));
            written += left.Count;
        }

        Assert.True(written > 500, $"{written}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_changed_value_makes_exactly_the_changes_of_the_table(bool noTransaction)
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true, NoTransaction = noTransaction }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);

        Assert.Equal("+Provenance +RiskAssessment", await ChangesAsync(server, writer, Case.Mild.WithSerum(0.60m)));
        Assert.Equal("+MedicationRequest +MedicationRequest +Provenance +RequestGroup +RiskAssessment ~MedicationRequest ~RequestGroup",
            await ChangesAsync(server, writer, Case.Mild.WithAnxiety()));
        Assert.Equal("+Provenance +RiskAssessment ~CommunicationRequest ~MedicationRequest ~MedicationRequest ~MedicationRequest ~MedicationRequest ~MedicationRequest ~MedicationRequest ~RequestGroup ~ServiceRequest",
            (await ChangesAsync(server, writer, Case.Mild.WithAnxiety().WithSerum(0.90m))).Replace("+Task ", "", StringComparison.Ordinal));
        Assert.Equal("", await ChangesAsync(server, writer, Case.Mild.WithAnxiety().WithSerum(0.90m)));
        var again = await ChangesAsync(server, writer, Case.Mild);
        Assert.StartsWith("+CommunicationRequest +MedicationRequest +MedicationRequest +MedicationRequest +MedicationRequest +MedicationRequest", again, StringComparison.Ordinal);
        Assert.Equal("", await ChangesAsync(server, writer, Case.Mild));
    }

    [Theory]
    [InlineData("active", 6)]
    [InlineData("completed", 6)]
    [InlineData("cancelled", 0)]
    [InlineData("stopped", 0)]
    public async Task What_a_person_has_decided_stays(string status, int withdrawn)
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var decided = await DecideAsync(server, resource => resource["status"] = status);
        var changes = await ChangesAsync(server, writer, Case.Mild);
        Assert.Equal(withdrawn, changes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(change => change is "~MedicationRequest" or "~RequestGroup") + (withdrawn == 0 ? 0 : 1));
        Assert.DoesNotContain("+", changes, StringComparison.Ordinal);
        Assert.Equal("", await ChangesAsync(server, writer, Case.Mild));
        await ChangesAsync(server, writer, Case.Mild.WithSerum(0.90m));
        Assert.Contains(await server.DumpAsync(Cancellation), resource => resource.ToJsonString() == decided);
    }

    [Fact]
    public async Task An_order_of_somebody_based_on_a_proposal_accepts_it()
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var lab = Snapshot.Standing(await server.DumpAsync(Cancellation)).Single(one => one.Rule == Rule.Lab3);
        await server.LoadAsync([JsonNode.Parse($$$"""{"resourceType":"ServiceRequest","id":"order","status":"active","intent":"order","subject":{"reference":"Patient/p1"},"basedOn":[{"reference":"{{{lab.Reference}}}"}]}""")!.AsObject()], Cancellation);
        var result = await writer.WriteAsync(Case.Mild.WithSerum(0.90m));
        Assert.NotEmpty(result.With(WriteOutcome.Withdrawn));
        Assert.DoesNotContain(result.With(WriteOutcome.Withdrawn), step => step.Reference == lab.Reference);
    }

    [Fact]
    public async Task An_edited_draft_is_left_to_its_editor()
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var edited = await DecideAsync(server, resource => resource["note"] = new JsonArray(new JsonObject { ["text"] = "Ask first" }));
        await writer.WriteAsync(Case.Mild.WithAnxiety());
        await writer.WriteAsync(Case.Mild.WithSerum(0.90m));
        Assert.Contains(await server.DumpAsync(Cancellation), resource => resource.ToJsonString() == edited);
    }

    [Fact]
    public async Task A_server_that_keeps_content_in_other_words_is_known_by_its_only_version()
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var reworded = await server.DumpAsync(Cancellation);
        foreach (var medicine in reworded.Where(resource => resource.Text("resourceType") == "MedicationRequest"))
        {
            medicine["reportedBoolean"] = false;
        }

        await server.ResetAsync(Cancellation);
        await server.LoadAsync(reworded, Cancellation);
        Assert.Equal(8, (await writer.WriteAsync(Case.Mild.WithSerum(0.90m))).With(WriteOutcome.Withdrawn).Count());
    }

    [Fact]
    public async Task A_patient_of_another_server_is_only_reported()
    {
        await using var server = await RealServer.StartAsync(new() { Lenient = true }, Cancellation);
        await using var writer = new Writer(server.BaseUrl);
        var assessment = Assert.Single(Case.Sample("same-patient-id-on-two-servers").AssessAll(), assessment => assessment.Features.Patient.StartsWith("http", StringComparison.Ordinal));
        var steps = (await writer.WriteAsync(assessment)).Steps;
        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.Equal(WriteOutcome.Reported, step.Outcome));
        Assert.Empty(await server.DumpAsync(Cancellation));
    }

    private static async Task<string> ChangesAsync(RealServer server, Writer writer, Case data)
    {
        var before = (await server.DumpAsync(Cancellation)).ToDictionary(Key, resource => resource.ToJsonString());
        Assert.True((await writer.WriteAsync(data)).IsComplete);
        var after = await server.DumpAsync(Cancellation);
        Assert.Empty(before.Keys.Except(after.Select(Key)));
        return string.Join(' ', after.Where(resource => before.GetValueOrDefault(Key(resource)) != resource.ToJsonString())
            .Select(resource => $"{(before.ContainsKey(Key(resource)) ? '~' : '+')}{resource.Text("resourceType")}").Order(StringComparer.Ordinal));
    }

    private static string Key(JsonObject resource) => $"{resource.Text("resourceType")}/{resource.Text("id")}";

    // A person changes the leading medicine in another program.
    private static async Task<string> DecideAsync(RealServer server, Action<JsonObject> change)
    {
        var lead = (await server.DumpAsync(Cancellation)).First(resource => resource.Text("resourceType") == "MedicationRequest" && resource.ToJsonString().Contains("\"RX-1\"", StringComparison.Ordinal));
        change(lead);
        using var client = new HttpClient();
        using var content = new StringContent(lead.ToJsonString(), Encoding.UTF8, "application/fhir+json");
        using var response = await client.PutAsync(new Uri($"{server.BaseUrl}/MedicationRequest/{lead.Text("id")}"), content, Cancellation);
        response.EnsureSuccessStatusCode();
        return (await server.DumpAsync(Cancellation)).Single(resource => resource.Text("id") == lead.Text("id")).ToJsonString();
    }
}
