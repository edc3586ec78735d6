using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Hooks.Cards;
using FhirMg.Service.Hooks.Discovery;
using FhirMg.Simulators;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>The record of the patient of a call was merged into another's.</summary>
public sealed class MergedTests
{
    private const string Mild = "adult-mild-with-migraine";
    private const string Kidneys = "egfr-below-30-blocks";

    [Fact]
    public async Task The_one_that_lives_on_is_read_from_the_server_and_the_cards_are_about_that_one()
    {
        var survivor = Survivor();
        using var hospital = Simulator.Start(Vendors.Hapi, [.. Call.Resources(Mild), Merged("old", "mid"), Merged("mid", survivor)]);

        // Room for a busy machine: three patients are read one after the other.
        await using var service = await CardTests.StartAsync(settings => settings["Servers:0:Deadline"] = "00:01:00", hospital.BaseUrl);
        foreach (var call in new[] { Brought(), Brought().With(body => body.Remove("prefetch")) })
        {
            var answer = await call.At(hospital.BaseUrl).SendAsync(service);
            Assert.Equal(200, answer.Status);
            Assert.Equal(["incomplete", "therapy", "follow-up"], answer.Topics);
            Assert.Contains($"Patient/{survivor}", (string)answer.Cards[0]["summary"]!, StringComparison.Ordinal);
            Assert.NotEmpty(answer.Cards.SelectMany(CardTests.Suggestions));
            Assert.All(answer.Cards.SelectMany(CardTests.Suggestions), one =>
                Assert.Contains($"\"Patient/{survivor}\"", one["actions"]![0]!["resource"]!.ToJsonString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Where_that_one_cannot_be_read_a_card_says_so_and_nothing_else_is_said()
    {
        await using var service = await CardTests.StartAsync();
        foreach (var language in new[] { "en", "ru" })
        {
            var card = Assert.Single((await Brought().SendAsync(service, language)).Cards);
            Assert.Contains("Patient/mid", (string)card["summary"]!, StringComparison.Ordinal);
            Assert.False(card.ContainsKey("suggestions"));
        }
    }

    [Theory]
    [InlineData(Call.OrderSelect)]
    [InlineData(Call.OrderSign)]
    public async Task A_draft_meets_the_safety_rules_by_the_record_that_lives_on(string hook)
    {
        var survivor = Survivor(Kidneys);
        using var hospital = Simulator.Start(Vendors.Hapi, [.. Call.Resources(Kidneys), Merged("old", "mid"), Merged("mid", survivor)]);
        await using var service = await CardTests.StartAsync(settings => settings["Servers:0:Deadline"] = "00:01:00", hospital.BaseUrl);

        // The draft may name any of the three, or nobody yet; without prefetch the merge is found on the server.
        foreach (var subject in new[] { "Patient/old", "Patient/mid/_history/2", $"Patient/{survivor}", null })
        {
            foreach (var isBrought in new[] { true, false })
            {
                var call = Call.Of([Merged("old", "mid")], hook).Drafting(Citrate(subject)).At(hospital.BaseUrl);
                var answer = await (isBrought ? call : call.With(body => body.Remove("prefetch"))).SendAsync(service);
                Assert.Equal(200, answer.Status);
                var merged = OfMerge(answer);
                Assert.Contains($"Patient/{survivor}", (string)merged["summary"]!, StringComparison.Ordinal);
                Assert.Contains("checked for magnesium against the record", (string)merged["detail"]!, StringComparison.Ordinal);
                Assert.Contains(answer.Cards, IsKidneyWarning);
            }
        }

        // A draft for somebody else is none for this patient.
        Assert.Equal(["incomplete"], (await Call.Of([Merged("old", "mid")], hook).Drafting(Citrate("Patient/other")).At(hospital.BaseUrl).SendAsync(service)).Topics);
    }

    [Fact]
    public async Task Where_that_one_cannot_be_read_a_draft_meets_the_safety_rules_by_what_was_sent_and_it_is_said()
    {
        await using var service = await CardTests.StartAsync();
        foreach (var (language, said) in new[] { ("en", "could not be read"), ("ru", "не удалось") })
        {
            var answer = await Brought(Kidneys, Call.OrderSign).Drafting(Citrate("Patient/old")).SendAsync(service, language);
            Assert.Contains("Patient/mid", (string)OfMerge(answer)["summary"]!, StringComparison.Ordinal);
            Assert.Contains(said, (string)OfMerge(answer)["detail"]!, StringComparison.Ordinal);
            Assert.Contains(answer.Cards, IsKidneyWarning);
        }
    }

    [Fact]
    public async Task What_was_neither_sent_nor_read_is_not_taken_as_checked()
    {
        await using var service = await CardTests.StartAsync();
        var answer = await Brought(Kidneys, Call.OrderSign).Without("observations").Drafting(Citrate("Patient/old")).SendAsync(service);
        Assert.Contains(answer.Cards.Skip(1), card => ((string)card["summary"]!).Contains("not checked", StringComparison.Ordinal));
        Assert.Equal("incomplete", answer.Topics.Last());
    }

    [Fact]
    public void That_it_was_merged_comes_behind_what_is_urgent_and_makes_no_more_cards()
    {
        var (knowledge, urgent) = (Knowledge.BuiltIn, 0);
        foreach (var folder in Directory.GetDirectories(Repository.Path("fhir-samples")))
        {
            var reader = new InputReader(knowledge);
            reader.Read(File.ReadAllBytes(Path.Combine(folder, "bundle.json")), "bundle");
            foreach (var record in reader.Documents().SelectMany(document => document.Patients))
            {
                foreach (var notRead in new[] { DataKinds.None, DataKinds.Conditions })
                {
                    var assessment = Evaluator.Evaluate(Extractor.Extract(record, knowledge, SampleTime.AsOf, notRead), knowledge);
                    IReadOnlyList<Card> Deck(Merge? merge) => CardDeck.For(HookService.PatientView, assessment, merge, [], Language.English, _ => false);
                    var (alone, merged) = (Deck(null), Deck(new("Patient/new", true, [])));
                    Assert.InRange(merged.Count, 1, 5);
                    Assert.Single(merged, card => card.Part == "merged");
                    Assert.Equal(merged.OrderBy(card => card.Indicator), merged);
                    Assert.Equal(alone.Any(card => card.Part is null && card.Topic == "incomplete"), merged.Any(card => card.Part is null && card.Topic == "incomplete"));
                    urgent += merged[0].Part == "merged" ? 0 : 1;
                }
            }
        }

        Assert.NotEqual(0, urgent);
    }

    [Fact]
    public async Task A_circle_of_merges_ends()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, [Merged("old", "mid"), Merged("mid", "old")]);
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        Assert.Single((await Brought().At(hospital.BaseUrl).SendAsync(service)).Cards);
        Assert.InRange(hospital.Requests.Count(request => request.Type == "Patient"), 1, 4);
    }

    [Theory]
    [InlineData(true, "en", "data recorded under Patient/old, merged into Patient/new")]
    [InlineData(false, "ru", "данные, записанные под Patient/old, объединённым с Patient/new")]
    public async Task What_lies_with_the_merged_record_alone_counts_and_it_is_said(bool isBrought, string language, string said)
    {
        using var hospital = Simulator.Start(Vendors.Hapi, [Merged("old", "new"), Living("new"), .. Under("old", Mild)]);
        await using var service = await CardTests.StartAsync(settings => settings["Servers:0:Deadline"] = "00:01:00", hospital.BaseUrl);
        var call = Call.Of(isBrought ? [Merged("old", "new"), .. Under("old", Mild)] : [Merged("old", "new")]).At(hospital.BaseUrl);

        var answer = await (isBrought ? call : call.With(body => body.Remove("prefetch"))).SendAsync(service, language);

        Assert.Equal(["incomplete", "therapy", "follow-up"], answer.Topics);
        Assert.Contains(said, (string)answer.Cards[0]["detail"]!, StringComparison.Ordinal);
        Assert.NotEmpty(answer.Cards.SelectMany(CardTests.Suggestions));
        Assert.All(answer.Cards.SelectMany(CardTests.Suggestions), one => Assert.Contains("\"Patient/new\"", one["actions"]![0]!["resource"]!.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_sent_of_the_merged_record_counts_where_the_server_has_it_no_more()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, [Merged("old", "new"), Living("new")]);
        await using var service = await CardTests.StartAsync(settings => settings["Servers:0:Deadline"] = "00:01:00", hospital.BaseUrl);
        var draft = Citrate("Patient/old");
        foreach (var one in new[] { draft, draft.Replace("\"id\":\"d1\",", "", StringComparison.Ordinal) })
        {
            var answer = await Call.Of([Merged("old", "new"), .. Under("old", Kidneys)], Call.OrderSign).Drafting(one).At(hospital.BaseUrl).SendAsync(service);
            Assert.Contains("Patient/old", (string)OfMerge(answer)["detail"]!, StringComparison.Ordinal);
            Assert.Single(answer.Cards, IsKidneyWarning);
        }
    }

    [Theory]
    [InlineData("en", "Not everything that may still lie with Patient/old could be read")]
    [InlineData("ru", "Прочитать всё, что могло остаться в карте Patient/old, не удалось")]
    public async Task What_could_not_be_had_of_the_merged_record_is_not_taken_as_read_and_it_is_said(string language, string said)
    {
        var survivor = Survivor();
        using var hospital = Simulator.Start(Vendors.Hapi, [.. Call.Resources(Mild), Merged("old", survivor)]);
        await using var service = await CardTests.StartAsync(settings => settings["Servers:0:Deadline"] = "00:01:00", hospital.BaseUrl);
        var call = Call.Of([Merged("old", survivor)]).At(hospital.BaseUrl);
        call.Prefetch["conditions"]!["link"] = new JsonArray(new JsonObject { ["relation"] = "next", ["url"] = "https://elsewhere.example/fhir?page=2" });

        var answer = await call.SendAsync(service, language);

        Assert.Contains(said, (string)answer.Cards[0]["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere.example", answer.Text, StringComparison.Ordinal);
        Assert.Equal("incomplete", answer.Topics.Last());
        Assert.Contains("therapy", answer.Topics);
    }

    // The merged record still holds all of the data that were recorded under it.
    private static JsonObject OfMerge(CallAnswer answer) => answer.Cards.First(card => ((string)card["summary"]!).Contains("Patient/", StringComparison.Ordinal));

    private static Call Brought(string sample = Mild, string hook = Call.PatientView)
    {
        return Call.Of([Merged("old", "mid"), .. Under("old", sample)], hook);
    }

    // What a case holds beside the Patient, recorded under another.
    private static IEnumerable<JsonObject> Under(string patient, string sample)
    {
        var text = new JsonArray([.. Call.Resources(sample)]).ToJsonString().Replace($"Patient/{Survivor(sample)}\"", $"Patient/{patient}\"", StringComparison.Ordinal);
        return JsonNode.Parse(text)!.AsArray().Select(one => one!.DeepClone().AsObject()).Where(one => (string?)one["resourceType"] != "Patient");
    }

    private static string Citrate(string? subject) => new JsonObject
    {
        ["resourceType"] = "MedicationRequest", ["id"] = "d1", ["status"] = "draft", ["intent"] = "order",
        ["medicationCodeableConcept"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://www.whocc.no/atc", ["code"] = "A12CC04" }) },
        ["subject"] = new JsonObject { [subject is null ? "display" : "reference"] = subject ?? "not chosen yet" },
    }.ToJsonString();

    private static bool IsKidneyWarning(JsonObject card) => (string?)card["indicator"] == "warning" && ((string)card["detail"]!).Contains("SAFE-1 ", StringComparison.Ordinal);

    private static string Survivor(string sample = Mild) => (string)Call.Resources(sample).First(one => (string?)one["resourceType"] == "Patient")["id"]!;

    private static JsonObject Living(string id) => new() { ["resourceType"] = "Patient", ["id"] = id, ["birthDate"] = "1980-01-01" };

    private static JsonObject Merged(string id, string by) => new()
    {
        ["resourceType"] = "Patient", ["id"] = id, ["active"] = false, ["birthDate"] = "1980-01-01",
        ["link"] = new JsonArray(new JsonObject { ["other"] = new JsonObject { ["reference"] = $"Patient/{by}" }, ["type"] = "replaced-by" }),
    };
}
