using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirMg.Cli.Tests;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Of the same patient at the same server, <c>fhirmg evaluate --server</c> and patient-view say the same.</summary>
public sealed partial class CommandLineTests
{
    // Said by the command line alone: too little to interrupt for, unless a therapy or a question is shown.
    private static readonly string[] Slight = ["DIET-1", "LAB-3"];
    private static readonly string[] Proposals = ["MedicationRequest", "ServiceRequest", "CommunicationRequest", "Task"];

    [Theory]
    [InlineData("adult-mild-with-migraine", "HAPI", Language.English)]
    [InlineData("adult-severe-urgent-review", "Epic", Language.Russian)]
    [InlineData("egfr-below-30-blocks", "Oracle", Language.English)]
    [InlineData("chart-russian-inpatient-attack-with-aura", "Medplum", Language.Russian)]
    [InlineData("missing-serum-with-migraine", "HAPI", Language.Russian)]
    public async Task Both_say_the_same_about_a_patient_and_propose_the_same(string sample, string vendor, Language language)
    {
        using var hospital = Simulator.Start(Vendors.All.Single(one => one.Name == vendor), Call.Resources(sample));
        await using var service = await CardTests.StartAsync(settings => settings["Servers:0:Deadline"] = "00:01:00", hospital.BaseUrl);
        var call = Call.Of(sample).With(body => body.Remove("prefetch")).At(hospital.BaseUrl);
        var answer = await call.SendAsync(service, language == Language.Russian ? "ru" : "en");
        Assert.Equal(200, answer.Status);
        Assert.NotEmpty(answer.Cards);

        var patient = (string)call.Body["context"]!["patientId"]!;
        CompareWords(answer, Evaluate(hospital, patient, "table", language), language);
        CompareRules(answer, JsonNode.Parse(Evaluate(hospital, patient, "json", language))!["reports"]!.AsArray().Single()!);
        CompareProposals(answer, [.. JsonNode.Parse(Evaluate(hospital, patient, "fhir", language))!["entry"]!.AsArray().Select(entry => entry!["resource"]!.AsObject())]);
    }

    // Rules speak by the same sentences everywhere.
    private static void CompareWords(CallAnswer answer, string page, Language language)
    {
        var (cards, lines) = (Joined(string.Join('\n', answer.Cards.Select(card => (string?)card["detail"]))), Joined(page));
        var shared = 0;
        foreach (var rule in Enum.GetValues<Rule>())
        {
            var texts = Knowledge.BuiltIn[rule];
            foreach (var sentence in new[] { texts.Message, texts.Note, texts.NotChecked }.OfType<Text>().Select(text => Joined(text[language])).Where(cards.Contains))
            {
                Assert.True(lines.Contains(sentence, StringComparison.Ordinal), $"only a card says of {rule.Id()}: {sentence}");
                shared++;
            }
        }

        Assert.NotEqual(0, shared);
    }

    private static void CompareRules(CallAnswer answer, JsonNode report)
    {
        var said = answer.Cards.SelectMany(card => RuleNames().Matches((string)card["detail"]!)).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var reported = report["proposals"]!.AsArray().Concat(report["safety"]!.AsArray()).Select(one => (string)one!["rule"]!).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(reported.Except(said).Except(Slight));
        Assert.Empty(said.Where(rule => rule.StartsWith("RX-", StringComparison.Ordinal) || rule.StartsWith("LAB-", StringComparison.Ordinal))
            .Except(reported).Except(report["notChecked"]!.AsArray().Select(rule => (string)rule!)));
    }

    // The identifier follows from the content, so that what is accepted from a card and what is written are known as one.
    private static void CompareProposals(CallAnswer answer, List<JsonObject> written)
    {
        var suggested = answer.Cards.SelectMany(CardTests.Suggestions).Select(one => one["actions"]![0]!["resource"]!.AsObject()).ToDictionary(Identifier);
        var proposed = written.Where(resource => Proposals.Contains((string?)resource["resourceType"]) && !Slight.Contains(RuleOf(resource))).ToDictionary(Identifier);
        Assert.Empty(proposed.Keys.Except(suggested.Keys));
        foreach (var (identifier, suggestion) in suggested)
        {
            var same = written.Single(resource => resource.ContainsKey("identifier") && Identifier(resource) == identifier);
            Assert.Empty(FhirMg.Reasoning.Tests.JsonDifference.Find(Plain(same), Plain(suggestion)));
        }
    }

    private static string Identifier(JsonObject resource) => (string)resource["identifier"]![0]!["value"]!;

    private static string? RuleOf(JsonObject resource) => (string?)resource["extension"]?.AsArray()
        .FirstOrDefault(one => ((string)one!["url"]!).EndsWith("/StructureDefinition/rule", StringComparison.Ordinal))?["valueCode"];

    // A card's resources do not refer to what would be written beside them.
    private static JsonObject Plain(JsonObject resource) => new(resource.Where(member => member.Value?.ToJsonString().Contains("urn:uuid", StringComparison.Ordinal) == false)
        .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    private static string Evaluate(Simulator hospital, string patient, string format, Language language)
    {
        var run = Fhirmg.Evaluate("--server", hospital.BaseUrl.AbsoluteUri, "--patient", patient, "--format", format, "--lang", language == Language.Russian ? "ru" : "en");
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output;
    }

    // Lines are broken where they fit, and cards escape what Markdown would take for its own.
    private static string Joined(string text) => Space().Replace(text.Replace("\\", "", StringComparison.Ordinal), " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex("[A-Z]+-[0-9]+")]
    private static partial Regex RuleNames();
}
