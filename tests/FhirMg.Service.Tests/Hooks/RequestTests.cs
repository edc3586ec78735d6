using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Calls that are wrong, later versions of the specification, orders, and feedback.</summary>
public sealed class RequestTests
{
    private const string Citrate = """{"resourceType":"MedicationRequest","id":"d1","status":"draft","medicationCodeableConcept":{"coding":[{"system":"http://www.whocc.no/atc","code":"A12CC04","display":"magnesium citrate"}]}}""";
    private const string Valproate = """{"resourceType":"MedicationRequest","id":"d2","status":"draft","medicationCodeableConcept":{"coding":[{"system":"http://www.whocc.no/atc","code":"N03AG01","display":"valproic acid"}]}}""";
    private const string Nothing = """{"resourceType":"MedicationRequest","id":"d3","status":"draft"}""";

    [Theory]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("{", 400)]
    [InlineData("""{"hook":"patient-view"}""", 400)]
    [InlineData("""{"hook":"patient-view","hookInstance":"x","context":{"patientId":"a b"}}""", 400)]
    [InlineData("""{"hook":"order-sign","hookInstance":"x","context":{"patientId":"a"}}""", 400)]
    [InlineData("""{"hook":"patient-view","hookInstance":"x","context":{"patientId":1}}""", 400)]
    [InlineData("""{"hook":"patient-view","hookInstance":"x","context":{"patientId":"a"},"prefetch":[]}""", 400)]
    [InlineData("""{"hook":"patient-view","hookInstance":"x","context":{"patientId":"a"}}""", 412)]
    public async Task What_is_wrong_is_said(string body, int status)
    {
        await using var service = await CardTests.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await service.Http.PostAsync(new Uri($"cds-services/{Call.PatientView}", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var answer = await CallAnswer.ReadAsync(response);
        Assert.Equal(status, answer.Status);
        Assert.Equal("OperationOutcome", (string?)answer.Body["resourceType"]);
        Assert.StartsWith("application/fhir+json", answer.ContentType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_service_is_not_found()
    {
        await using var service = await CardTests.StartAsync();
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await service.Http.PostAsync(new Uri("cds-services/other", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Members_of_later_versions_are_passed_over()
    {
        await using var service = await CardTests.StartAsync();
        var plain = await Call.Of("adult-mild-with-migraine").SendAsync(service);
        var later = await Call.Of("adult-mild-with-migraine").With(body =>
        {
            body["extension"] = new JsonObject { ["org.example"] = new JsonArray(1, 2) };
            body["fhirAuthorization"] = null;
            body["context"]!["encounterId"] = "e1";
        }).SendAsync(service);
        Assert.Equal(plain.Text, later.Text);
    }

    [Theory]
    [InlineData(Call.OrderSelect)]
    [InlineData(Call.OrderSign)]
    public async Task A_draft_of_magnesium_meets_the_safety_rules(string hook)
    {
        await using var service = await CardTests.StartAsync();
        var answer = await Call.Of("egfr-below-30-blocks", hook).Drafting(Citrate, Nothing).SendAsync(service);
        Assert.Contains(answer.Cards, card => ((string)card["detail"]!).Contains("SAFE-1 ", StringComparison.Ordinal) && (string?)card["indicator"] == "warning");
        Assert.All(answer.Cards, card => Assert.Contains("magnesium citrate", (string?)card["detail"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Valproate_in_pregnancy_is_warned_of_and_other_orders_are_not_spoken_of()
    {
        await using var service = await CardTests.StartAsync();
        Assert.Contains("SAFE-9", (string)Assert.Single((await Call.Of("aura-status-inpatient-pregnant", Call.OrderSign).Drafting(Valproate).SendAsync(service)).Cards)["detail"]!, StringComparison.Ordinal);
        Assert.Empty((await Call.Of("aura-status-inpatient-pregnant", Call.OrderSign).Drafting(Nothing).SendAsync(service)).Cards);
    }

    [Fact]
    public async Task Only_what_was_just_selected_gives_reason_to_speak()
    {
        await using var service = await CardTests.StartAsync();
        Call Selecting(string id) => Call.Of("egfr-below-30-blocks", Call.OrderSelect).Drafting(Citrate, Nothing).With(body => body["context"]!["selections"] = new JsonArray($"MedicationRequest/{id}"));
        Assert.NotEmpty((await Selecting("d1").SendAsync(service)).Cards);
        Assert.Empty((await Selecting("d3").SendAsync(service)).Cards);
    }

    [Fact]
    public async Task An_acute_attack_is_met_at_the_start_of_an_encounter()
    {
        await using var service = await CardTests.StartAsync();
        Assert.Equal(["attack"], (await Call.Of("acute-attack-in-emergency", Call.EncounterStart).SendAsync(service)).Topics);
        Assert.Empty((await Call.Of("adult-mild-with-migraine", Call.EncounterStart).SendAsync(service)).Cards);
    }

    [Fact]
    public async Task Feedback_is_kept_counted_and_silences_what_was_overridden()
    {
        await using var service = await CardTests.StartAsync();
        var answer = await Call.Of("adult-mild-with-migraine").SendAsync(service);
        var (therapy, followUp) = (answer.Cards[0], answer.Cards[1]);
        await FeedBackAsync(service, new JsonObject
        {
            ["card"] = (string?)therapy["uuid"], ["outcome"] = "overridden", ["outcomeTimestamp"] = "2026-11-22T12:00:00Z",
            ["overrideReason"] = new JsonObject { ["reason"] = therapy["overrideReasons"]![0]!.DeepClone(), ["userComment"] = "Mrs Sokolova declines" },
        });
        await FeedBackAsync(service, new JsonObject
        {
            ["card"] = (string?)followUp["uuid"], ["outcome"] = "accepted", ["acceptedSuggestions"] = new JsonArray(new JsonObject { ["id"] = (string?)followUp["suggestions"]![0]!["uuid"] }),
        });
        Assert.Equal(["follow-up"], (await Call.Of("adult-mild-with-migraine").SendAsync(service)).Topics);
        Assert.Contains("therapy", (await Call.Of("chart-russian-inpatient-attack-with-aura").SendAsync(service)).Topics);

        using var response = await service.Http.GetAsync(new Uri($"cds-services/{Call.PatientView}/feedback/summary", UriKind.Relative), TestContext.Current.CancellationToken);
        var rules = (await CallAnswer.ReadAsync(response)).Body["rules"]!.AsArray();
        var rule = rules.Single(one => (string?)one!["rule"] == "RX-1")!;
        Assert.Equal((2, 0, 1), ((int)rule["shown"]!, (int)rule["accepted"]!, (int)rule["overridden"]!));
        Assert.Equal("already-treated", (string?)rule["reasons"]![0]!["code"]);
        Assert.EndsWith("|1.0.0", (string?)rule["knowledge"], StringComparison.Ordinal);
        Assert.DoesNotContain("Sokolova", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_severe_finding_is_not_silenced_by_an_override()
    {
        await using var service = await CardTests.StartAsync();
        var card = (await Call.Of("adult-severe-urgent-review").SendAsync(service)).Cards[0];
        await FeedBackAsync(service, new JsonObject { ["card"] = (string?)card["uuid"], ["outcome"] = "overridden" });
        Assert.Equal("critical", (string?)(await Call.Of("adult-severe-urgent-review").SendAsync(service)).Cards[0]["indicator"]);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"feedback":[]}""")]
    [InlineData("""{"feedback":[{"card":"x","outcome":"accepted"}]}""")]
    [InlineData("""{"feedback":[{"card":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","outcome":"maybe"}]}""")]
    public async Task Feedback_that_is_none_is_refused(string body)
    {
        await using var service = await CardTests.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await service.Http.PostAsync(new Uri($"cds-services/{Call.PatientView}/feedback", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task FeedBackAsync(RunningService service, JsonObject entry)
    {
        using var content = new StringContent(new JsonObject { ["feedback"] = new JsonArray(entry) }.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await service.Http.PostAsync(new Uri($"cds-services/{Call.PatientView}/feedback", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
