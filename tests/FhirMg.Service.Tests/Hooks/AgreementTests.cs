using System.Text.Json.Nodes;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Cards say what the report of the same data says, go silent when they were overridden, and speak again when it is worse.</summary>
public sealed class AgreementTests
{
    private const string Elsewhere = "referenced-patient-not-in-document";

    [Fact]
    public async Task Suggestions_are_the_proposals_of_the_report_over_all_samples()
    {
        await using var service = await CardTests.StartAsync();
        foreach (var name in CardTests.Cases.Select(row => row.Data).Where(name => name != Elsewhere))
        {
            var call = Call.Of(name);
            var patient = $"Patient/{(string?)call.Body["context"]!["patientId"]}";
            var reports = JsonNode.Parse(await File.ReadAllTextAsync(Repository.Path("fhir-samples", name, "expected-report.json"), TestContext.Current.CancellationToken))!["reports"]!.AsArray();

            // A call is about one patient: what is said of others has nothing to be compared with.
            if (reports is not [{ } report] || (string?)report["patient"] != patient)
            {
                continue;
            }

            var answer = await call.SendAsync(service);
            var suggested = answer.Cards.SelectMany(CardTests.Suggestions).Select(one => one["actions"]![0]!["resource"]!).ToList();
            var rules = suggested.Select(resource => Rule(resource)).Distinct().Order(StringComparer.Ordinal).ToList();
            var proposals = report["proposals"]!.AsArray().Where(one => (string?)one!["resource"] != "note").ToList();
            var proposed = proposals.Select(one => (string)one!["rule"]!).Distinct().Order(StringComparer.Ordinal).ToList();

            // Advice on diet and a later repeat are suggested beside a therapy or a question, by themselves they are too little to interrupt for.
            Assert.True(!rules.Except(proposed).Any() && proposed.Except(rules).All(rule => rule is "DIET-1" or "LAB-3"),
                $"{name}: suggested {string.Join(' ', rules)}, proposed {string.Join(' ', proposed)}");
            foreach (var medicine in suggested.Where(resource => (string?)resource["resourceType"] == "MedicationRequest"))
            {
                var isDosed = medicine["dosageInstruction"]?.AsArray().Any(dose => dose!["doseAndRate"] is not null || dose["maxDosePerPeriod"] is not null) == true;
                Assert.True(proposals.Exists(one => (string?)one!["rule"] == Rule(medicine) && (bool?)one["dosed"] == isDosed), $"{name}: {Rule(medicine)} dosed {isDosed}");
            }
        }
    }

    [Fact]
    public async Task A_call_is_answered_the_same_however_often_its_like_was_read()
    {
        await using var service = await CardTests.StartAsync();
        var calls = CardTests.Cases.Select(row => row.Data).Where(name => name != Elsewhere).Select(name => Call.Of(name)).ToList();
        var first = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < calls.Count; i++)
            {
                var answer = string.Concat((await calls[i].SendAsync(service)).Cards.Select(card => card.ToJsonString()));
                if (round == 0)
                {
                    first.Add(answer);
                }

                Assert.Equal(first[i], answer);
            }
        }

        Assert.Contains(first, answer => answer.Contains("\"reasonReference\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_hospital_is_answered_by_its_own_codes_whoever_called_before()
    {
        Uri hospital = new("http://127.0.0.1:9/fhir"), clinic = new("http://127.0.0.1:9/clinic/fhir");
        await using var service = await CardTests.StartAsync(settings =>
        {
            settings["Servers:0:BaseUrl"] = hospital.AbsoluteUri;
            settings["Servers:1:Name"] = "clinic";
            settings["Servers:1:BaseUrl"] = clinic.AbsoluteUri;
            settings["Servers:1:AllowUnauthenticatedCds"] = "true";
            settings["Servers:1:AdditionalCodes:serum-magnesium:0"] = "urn:lab|MG";
        });
        var resources = Call.Resources("adult-mild-with-migraine");
        var serum = resources.Single(resource => (string?)resource["code"]?["coding"]?[0]?["code"] == "2601-3");
        serum["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "urn:lab", ["code"] = "MG" }) };
        for (var round = 0; round < 4; round++)
        {
            Assert.Contains("therapy", (await Call.Of(resources).At(clinic).SendAsync(service)).Topics);
            Assert.DoesNotContain("therapy", (await Call.Of(resources).At(hospital).SendAsync(service)).Topics);
        }
    }

    [Fact]
    public async Task An_overridden_card_is_shown_again_when_deficiency_has_worsened()
    {
        await using var service = await CardTests.StartAsync();
        var latent = Of("latent-by-manifestations");
        var therapy = (await latent.SendAsync(service)).Cards.Single(card => (string?)card["source"]!["topic"]!["code"] == "therapy");
        await TwoInstancesTests.FeedBackAsync(service, new JsonObject { ["card"] = (string?)therapy["uuid"], ["outcome"] = "overridden" });
        Assert.DoesNotContain("therapy", (await latent.SendAsync(service)).Topics);
        var confirmed = await Of("adult-mild-with-migraine").SendAsync(service);
        Assert.Contains("therapy", confirmed.Topics);

        // Overridden as confirmed it stays silent, also when it has become better.
        therapy = confirmed.Cards.Single(card => (string?)card["source"]!["topic"]!["code"] == "therapy");
        await TwoInstancesTests.FeedBackAsync(service, new JsonObject { ["card"] = (string?)therapy["uuid"], ["outcome"] = "overridden" });
        Assert.DoesNotContain("therapy", (await Of("adult-mild-with-migraine").SendAsync(service)).Topics);
        Assert.DoesNotContain("therapy", (await latent.SendAsync(service)).Topics);
    }

    [Fact]
    public async Task Silence_ends_after_its_time()
    {
        var time = new SampleTime();
        await using var service = await CardTests.StartAsync(time: time);
        var therapy = (await Call.Of("adult-mild-with-migraine").SendAsync(service)).Cards[0];
        await TwoInstancesTests.FeedBackAsync(service, new JsonObject { ["card"] = (string?)therapy["uuid"], ["outcome"] = "overridden" });
        var silence = Reasoning.Knowing.Knowledge.BuiltIn.Thresholds.RejectSilence;
        time.Moved = silence - TimeSpan.FromMinutes(1);
        Assert.DoesNotContain("therapy", (await Call.Of("adult-mild-with-migraine").SendAsync(service)).Topics);
        time.Moved = silence + TimeSpan.FromMinutes(1);
        Assert.Contains("therapy", (await Call.Of("adult-mild-with-migraine").SendAsync(service)).Topics);
    }

    [Fact]
    public async Task An_aura_status_is_met_at_the_start_of_an_encounter()
    {
        await using var service = await CardTests.StartAsync();
        var card = (await Call.Of("chart-russian-inpatient-attack-with-aura", Call.EncounterStart).SendAsync(service)).Cards.Single(one => (string?)one["source"]!["topic"]!["code"] == "attack");
        var resource = Assert.Single(CardTests.Suggestions(card))["actions"]![0]!["resource"]!;
        Assert.Equal("MedicationRequest", (string?)resource["resourceType"]);
        Assert.StartsWith("Encounter/", (string?)resource["encounter"]!["reference"], StringComparison.Ordinal);
        Assert.Contains("RX-7", (string?)card["detail"], StringComparison.Ordinal);
        var status = (await Call.Of("aura-status-inpatient-pregnant", Call.EncounterStart).SendAsync(service)).Cards;
        Assert.Contains(status, one => ((string)one["detail"]!).Contains("RX-7", StringComparison.Ordinal));
    }

    // The same patient each time.
    private static Call Of(string sample) => Call.Of([.. Call.Resources(sample).Select(resource =>
    {
        var id = (string?)Call.Resources(sample).First(one => (string?)one["resourceType"] == "Patient")["id"];
        return JsonNode.Parse(resource.ToJsonString().Replace($"\"Patient/{id}\"", "\"Patient/same\"", StringComparison.Ordinal)
            .Replace($"\"id\":\"{id}\"", "\"id\":\"same\"", StringComparison.Ordinal))!.AsObject();
    })]);

    private static string Rule(JsonNode resource) => (string)resource["extension"]!.AsArray()
        .Single(one => ((string)one!["url"]!).EndsWith("/StructureDefinition/rule", StringComparison.Ordinal))!["valueCode"]!;
}
