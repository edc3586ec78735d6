using System.Text.Json.Nodes;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Cards as an EHR gets them.</summary>
public sealed class CardTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/fhir");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Repository.Path("fhir-samples")).Select(folder => Path.GetFileName(folder)!).Where(HasPatient).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Every_card_of_every_case_keeps_to_the_specification()
    {
        await using var service = await StartAsync();
        foreach (var name in Cases.Select(row => row.Data))
        {
            foreach (var (hook, language) in new[] { (Call.PatientView, "en"), (Call.PatientView, "ru"), (Call.EncounterStart, "en") })
            {
                var answer = await Call.Of(name, hook).SendAsync(service, language);
                if (name == "referenced-patient-not-in-document")
                {
                    // Its data are about somebody else than the Patient, so they are not taken for this one's.
                    Assert.Equal(412, answer.Status);
                    continue;
                }

                Assert.True(answer.Status == 200, $"{name}: {answer.Text}");
                Assert.StartsWith("application/json", answer.ContentType, StringComparison.Ordinal);
                Assert.Equal(["cards"], answer.Body.Select(member => member.Key));
                Assert.InRange(answer.Cards.Count, 0, 5);
                Assert.All(answer.Cards, card => Check(card, name));
                Assert.Equal(answer.Cards.OrderBy(card => Urgency(card)).Select(card => (string?)card["uuid"]), answer.Cards.Select(card => (string?)card["uuid"]));
                var uuids = answer.Cards.SelectMany(card => Suggestions(card).Select(one => (string?)one["uuid"]).Append((string?)card["uuid"])).ToList();
                Assert.Equal(uuids.Count, uuids.Distinct().Count());
            }
        }
    }

    [Theory]
    [InlineData("adult-mild-with-migraine")]
    [InlineData("adult-severe-urgent-review")]
    [InlineData("egfr-below-30-blocks")]
    [InlineData("chart-russian-inpatient-attack-with-aura")]
    [InlineData("aura-status-inpatient-pregnant")]
    [InlineData("levothyroxine-and-iron-separate-doses")]
    [InlineData("child-mild-with-migraine-dose-by-specialist")]
    [InlineData("adult-normal-serum-does-not-exclude")]
    [InlineData("missing-serum-with-migraine")]
    [InlineData("pregnancy-and-valproate")]
    [InlineData("adult-elevated-excess-despite-e61-2")]
    public async Task Cards_read_as_they_were_reviewed(string name)
    {
        await using var service = await StartAsync();
        foreach (var language in new[] { "en", "ru" })
        {
            Snapshot.Match($"{name}.{language}", Read((await Call.Of(name).SendAsync(service, language)).Cards));
        }
    }

    [Theory]
    [InlineData("deceased-boolean")]
    [InlineData("adult-unlikely-headache-not-counted")]
    [InlineData("breastfeeding-risk-group")]
    public async Task There_is_no_card_when_there_is_nothing_to_say(string name)
    {
        await using var service = await StartAsync();
        Assert.Empty((await Call.Of(name).SendAsync(service)).Cards);
    }

    [Fact]
    public async Task A_severe_value_is_critical_and_comes_first()
    {
        await using var service = await StartAsync();
        var card = (await Call.Of("adult-severe-urgent-review").SendAsync(service)).Cards[0];
        Assert.Equal("critical", (string?)card["indicator"]);
    }

    [Fact]
    public async Task The_same_call_answers_the_same_and_another_viewing_has_other_uuids()
    {
        await using var service = await StartAsync();
        var first = await Call.Of("adult-mild-with-migraine").SendAsync(service);
        Assert.Equal(first.Text, (await Call.Of("adult-mild-with-migraine").SendAsync(service)).Text);
        var other = await Call.Of("adult-mild-with-migraine").With(body => body["hookInstance"] = "0d7a53e2-94a6-44ce-8bb0-1c0a3d7fd3a5").SendAsync(service);
        Assert.NotEmpty(first.Cards);
        Assert.Equal(first.Cards.Count, other.Cards.Count);
        Assert.Empty(first.Cards.Select(card => (string?)card["uuid"]).Intersect(other.Cards.Select(card => (string?)card["uuid"])));
    }

    [Fact]
    public async Task Alternatives_are_a_choice_of_at_most_one_and_the_first_is_recommended()
    {
        await using var service = await StartAsync();
        var card = (await Call.Of("adult-mild-with-migraine").SendAsync(service)).Cards.Single(card => (string?)card["source"]!["topic"]!["code"] == "therapy");
        Assert.Equal("at-most-one", (string?)card["selectionBehavior"]);
        Assert.Equal([true, false, false, false, false], Suggestions(card).Select(one => (bool)one["isRecommended"]!));
        Assert.Equal("any", (string?)(await Call.Of("adult-mild-with-migraine").SendAsync(service)).Cards.Single(one => (string?)one["source"]!["topic"]!["code"] == "follow-up")["selectionBehavior"]);
    }

    [Fact]
    public async Task A_report_only_tenant_is_suggested_nothing()
    {
        await using var service = await StartAsync(settings => settings["Servers:0:WritePolicy"] = "report");
        var answer = await Call.Of("adult-mild-with-migraine").SendAsync(service);
        Assert.NotEmpty(answer.Cards);
        Assert.All(answer.Cards, card => Assert.False(card.ContainsKey("suggestions") || card.ContainsKey("selectionBehavior")));
    }

    [Fact]
    public async Task An_app_that_the_EHR_can_launch_is_linked_with_its_context()
    {
        await using var service = await StartAsync(settings => settings["Servers:0:ClientId"] = "fhirmg");
        var link = (await Call.Of("adult-mild-with-migraine").SendAsync(service)).Cards[0]["links"]!.AsArray().Single(link => (string?)link!["type"] == "smart")!;
        Assert.EndsWith("/smart/launch", (string?)link["url"], StringComparison.Ordinal);
        Assert.Equal("RX-1", (string?)JsonNode.Parse((string)link["appContext"]!)!["rule"]);
    }

    [Theory]
    [InlineData("ru", "en", "ru")]
    [InlineData("fr, ru;q=0.5, en;q=0.4", "en", "ru")]
    [InlineData("", "ru", "ru")]
    [InlineData("de", "ru", "ru")]
    [InlineData("en-GB", "ru", "en")]
    public async Task The_request_then_the_tenant_says_the_language(string asked, string tenant, string expected)
    {
        await using var service = await StartAsync(settings => settings["Servers:0:Language"] = tenant);
        var answer = await Call.Of("adult-mild-with-migraine").SendAsync(service, asked);
        Assert.Equal(expected == "ru", ((string)answer.Cards[0]["summary"]!).Contains("мигрень", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Words_of_the_data_are_no_markup_of_ours()
    {
        await using var service = await StartAsync();
        var call = Call.Of("levothyroxine-and-iron-separate-doses");
        call.Prefetch["medicationRequests"]!["entry"]![0]!["resource"]!["medicationCodeableConcept"]!["text"] = "[click](http://evil.example) <script>";
        call.Prefetch["medicationRequests"]!["entry"]![0]!["resource"]!["medicationCodeableConcept"]!["coding"]![0]!.AsObject().Remove("display");
        var detail = string.Concat((await call.SendAsync(service)).Cards.Select(card => (string?)card["detail"]));
        Assert.Contains("click", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("](http://evil", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", detail.Replace("\\<", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    internal static Task<RunningService> StartAsync(Action<Dictionary<string, string?>>? adjust = null, Uri? server = null, TimeProvider? time = null)
    {
        var settings = RunningService.Serving(server ?? Nowhere);
        settings["PublicUrl"] = "https://fhirmg.example.org";
        adjust?.Invoke(settings);
        return RunningService.StartAsync(settings, time: time ?? new SampleTime());
    }

    internal static IEnumerable<JsonObject> Suggestions(JsonObject card) => card["suggestions"]?.AsArray().Select(one => one!.AsObject()) ?? [];

    private static bool HasPatient(string name) =>
        JsonNode.Parse(File.ReadAllText(Repository.Path("fhir-samples", name, "bundle.json"))) is JsonObject bundle && bundle["entry"] is JsonArray entries
        && entries.Any(entry => entry?["resource"] is JsonObject resource && resource["resourceType"]?.ToString() == "Patient" && resource["id"] is JsonValue);

    private static int Urgency(JsonObject card) =>
        (string?)card["source"]!["topic"]!["code"] == "incomplete" ? 3 : Array.IndexOf(["critical", "warning", "info"], (string?)card["indicator"]);

    private static void Check(JsonObject card, string name)
    {
        Assert.True(Guid.TryParse((string?)card["uuid"], out var uuid) && uuid.Version == 8);
        Assert.InRange(((string)card["summary"]!).Length, 1, 139);
        Assert.DoesNotContain('{', (string)card["summary"]!);
        Assert.True((string?)card["indicator"] is "info" or "warning" or "critical", name);
        Assert.NotEmpty((string)card["detail"]!);
        Assert.NotEmpty((string)card["source"]!["label"]!);
        Assert.StartsWith("https://fhirmg.example.org/rules?lang=", (string?)card["source"]!["url"], StringComparison.Ordinal);
        Assert.EndsWith("/CodeSystem/card-topic", (string?)card["source"]!["topic"]!["system"], StringComparison.Ordinal);
        Assert.NotEmpty((string)card["source"]!["topic"]!["display"]!);
        Assert.Equal(card.ContainsKey("suggestions"), card.ContainsKey("selectionBehavior"));
        Assert.All(card["overrideReasons"]?.AsArray() ?? [], reason => Assert.True(reason!["code"] is not null && reason["system"] is not null && reason["display"] is not null));
        Assert.Equal((string?)card["source"]!["topic"]!["code"] != "incomplete", card.ContainsKey("overrideReasons"));
        Assert.All(card["links"]!.AsArray(), link => Assert.True(link!["label"] is not null && Uri.IsWellFormedUriString((string?)link["url"], UriKind.Absolute) && (string?)link["type"] is "absolute" or "smart"));
        foreach (var suggestion in Suggestions(card))
        {
            Assert.True(suggestion["label"] is not null && suggestion["isRecommended"] is not null && Guid.TryParse((string?)suggestion["uuid"], out _));
            var action = Assert.Single(suggestion["actions"]!.AsArray())!;
            Assert.Equal("create", (string?)action["type"]);
            Assert.NotEmpty((string)action["description"]!);
            var resource = action["resource"]!.AsObject();
            Assert.Equal("draft", (string?)resource["status"]);
            Assert.True(resource["resourceType"]!.ToString() is "CommunicationRequest" || (string?)resource["intent"] == "proposal", name);
            Assert.DoesNotContain("urn:uuid", resource.ToJsonString(), StringComparison.Ordinal);
        }

        AssertNothingEmpty(card, name);
    }

    private static void AssertNothingEmpty(JsonNode? node, string name)
    {
        Assert.False(node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 } || (node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0), name);
        foreach (var child in node is JsonObject whole ? whole.Select(member => member.Value) : node is JsonArray list ? list : [])
        {
            AssertNothingEmpty(child, name);
        }
    }

    private static string Read(IReadOnlyList<JsonObject> cards) => cards.Count == 0 ? "(no card)\n" : string.Concat(cards.Select(card =>
        $"[{card["indicator"]}] {card["summary"]}\n{card["source"]!["label"]} · {card["source"]!["topic"]!["display"]}\n\n{card["detail"]}\n\n"
        + string.Concat(Suggestions(card).Select(one => $"({card["selectionBehavior"]}{((bool)one["isRecommended"]! ? ", recommended" : "")}) {one["label"]}: {one["actions"]![0]!["resource"]!["resourceType"]} – {one["actions"]![0]!["description"]}\n"))
        + "----\n"));
}
