using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>SYM-1: answers are saved once, by who recorded them, and count at once.</summary>
public sealed class AnsweringTests
{
    private static readonly Knowledge Known = Knowledge.BuiltIn;

    private static AnsweredQuestions Answered { get; } = new(
        Known.Manifestations.Select((question, i) => (question.LinkId, Yes: i < 4)).ToDictionary(pair => pair.LinkId, pair => pair.Yes, StringComparer.Ordinal),
        "0123456789abcdef0123456789abcdef", Case.AsOf, "Practitioner/dr1", "Encounter/e1");

    [Fact]
    public async Task Answers_sent_twice_are_saved_once_in_the_name_of_who_recorded_them()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var person = new Writer(server.BaseUrl, policy: WritePolicy.Suggest);

        var first = await WriteAsync(person.Server);
        var second = await WriteAsync(person.Server);

        Assert.Equal((DecisionOutcome.Written, first.Reference), (second.Outcome, second.Reference));
        var saved = Assert.Single(server.Resources);
        Assert.Equal(("completed", "Practitioner/dr1", "Encounter/e1"), (saved.Text("status"), saved.Member("author").Text("reference"), saved.Member("encounter").Text("reference")));
        Assert.Equal(Known.Manifestations.Count, saved.Items("item").Count());
    }

    [Fact]
    public async Task What_was_saved_just_now_counts_though_the_search_does_not_list_it()
    {
        var id = Case.Mild.Assess().Features.Patient.Split('/')[1];
        using var server = Simulator.Start(Vendors.Hapi, [JsonNode.Parse($$"""{"resourceType":"Patient","id":"{{id}}","birthDate":"1980-01-01"}""")!.AsObject()]);
        await using var person = new Writer(server.BaseUrl);
        var resource = Answered.Resource(Known, $"Patient/{id}", Language.English);
        resource["id"] = "just-now";

        var pulled = await new PatientPull(person.Server, Known).ReadAsync(id, Case.AsOf.AddMinutes(1), TestContext.Current.CancellationToken, [Encoding.UTF8.GetBytes(resource.ToJsonString())]);

        var assessment = Evaluator.Evaluate(Extractor.Extract(pulled.Record, Known, Case.AsOf.AddMinutes(1), pulled.NotRead), Known);
        Assert.Equal(4, FhirMg.Reasoning.Reporting.CaseView.Manifestations(assessment)?.Count);
        Assert.Equal("QuestionnaireResponse/just-now", FhirMg.Reasoning.Reporting.CaseView.Manifestations(assessment)?.Evidence.Resource);
    }

    [Fact]
    public async Task Without_the_scope_or_under_a_policy_of_reports_nothing_is_sent()
    {
        using var server = Simulator.Start(Vendors.Hapi, []);
        await using var person = new Writer(server.BaseUrl, policy: WritePolicy.Suggest);
        await using var reporting = new Writer(server.BaseUrl, policy: WritePolicy.Report);

        var withoutScope = await WriteAsync(person.Server.As(new CallerToken("token", new(["patient/QuestionnaireResponse.rs", "patient/Patient.rs"]))));
        Assert.Equal((DecisionOutcome.Refused, true), (withoutScope.Outcome, withoutScope.Problem!.Contains("no scope", StringComparison.Ordinal)));
        Assert.Equal(DecisionOutcome.Refused, (await WriteAsync(reporting.Server)).Outcome);
        Assert.Empty(server.Resources);
    }

    private static async Task<DecisionResult> WriteAsync(FhirServer server) => await Answering.WriteAsync(
        server, Known, Answered, Answered.Resource(Known, "Patient/p1", Language.Russian), TestContext.Current.CancellationToken);
}
