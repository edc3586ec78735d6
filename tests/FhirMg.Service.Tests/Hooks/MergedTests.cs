using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>The record of the patient of a call was merged into another's.</summary>
public sealed class MergedTests
{
    private const string Mild = "adult-mild-with-migraine";

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

    [Fact]
    public async Task A_circle_of_merges_ends()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, [Merged("old", "mid"), Merged("mid", "old")]);
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        Assert.Single((await Brought().At(hospital.BaseUrl).SendAsync(service)).Cards);
    }

    // The merged record still holds all of the data that were recorded under it.
    private static Call Brought()
    {
        var text = new JsonArray([.. Call.Resources(Mild)]).ToJsonString().Replace($"Patient/{Survivor()}\"", "Patient/old\"", StringComparison.Ordinal);
        var resources = JsonNode.Parse(text)!.AsArray().Select(one => one!.DeepClone().AsObject()).Where(one => (string?)one["resourceType"] != "Patient");
        return Call.Of([Merged("old", "mid"), .. resources]);
    }

    private static string Survivor() => (string)Call.Resources(Mild).First(one => (string?)one["resourceType"] == "Patient")["id"]!;

    private static JsonObject Merged(string id, string by) => new()
    {
        ["resourceType"] = "Patient", ["id"] = id, ["active"] = false, ["birthDate"] = "1980-01-01",
        ["link"] = new JsonArray(new JsonObject { ["other"] = new JsonObject { ["reference"] = $"Patient/{by}" }, ["type"] = "replaced-by" }),
    };
}
