using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Service.Tests.Operations;

/// <summary><c>/fhir/$evaluate</c> over real HTTP.</summary>
public sealed class EvaluateTests
{
    private const string Case = "chart-russian-inpatient-attack-with-aura";
    private const string AsOf = "2026-11-23T00:00:00Z";

    [Fact]
    public async Task A_bundle_gives_the_report_that_the_command_line_gives()
    {
        await using var service = await StartAsync(new Uri("http://127.0.0.1:9/fhir"));
        foreach (var folder in Directory.GetDirectories(Repository.Path("fhir-samples")))
        {
            var answer = await PostAsync(service, $"/fhir/$evaluate?asOf={AsOf}", await File.ReadAllTextAsync(Path.Combine(folder, "bundle.json"), TestContext.Current.CancellationToken));
            var report = JsonNode.Parse(Part(answer, "report")!["valueString"]!.GetValue<string>());
            var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "expected-report.json"), TestContext.Current.CancellationToken));
            Assert.Empty(FhirMg.Reasoning.Tests.JsonDifference.Find(expected, report));
        }
    }

    [Fact]
    public async Task A_bundle_in_Parameters_gives_report_and_proposals()
    {
        await using var service = await StartAsync(new Uri("http://127.0.0.1:9/fhir"));
        var body = new JsonObject
        {
            ["resourceType"] = "Parameters",
            ["parameter"] = new JsonArray(
                new JsonObject { ["name"] = "bundle", ["resource"] = JsonNode.Parse(Bundle(Case)) },
                new JsonObject { ["name"] = "asOf", ["valueDateTime"] = AsOf },
                new JsonObject { ["name"] = "lang", ["valueCode"] = "ru" }),
        };
        var answer = await PostAsync(service, "/fhir/$evaluate", body.ToJsonString());
        var types = Part(answer, "result")!["resource"]!["entry"]!.AsArray().Select(entry => (string)entry!["resource"]!["resourceType"]!).ToList();
        Assert.Contains("RiskAssessment", types);
        Assert.Contains("MedicationRequest", types);
        Assert.Contains("магни", Part(answer, "result")!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_patient_of_the_server_is_read_there()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Resources(Case));
        await using var service = await StartAsync(simulator.BaseUrl);
        var answer = await service.Http.GetAsync(new Uri($"/fhir/$evaluate?subject=Patient/p-4471&asOf={AsOf}", UriKind.Relative), TestContext.Current.CancellationToken);
        var report = JsonNode.Parse(Part(await ReadAsync(answer, HttpStatusCode.OK), "report")!["valueString"]!.GetValue<string>())!;
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Repository.Path("fhir-samples", Case, "expected-report.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(expected["reports"]![0]!["deficiency"]!.ToString(), report["reports"]![0]!["deficiency"]!.ToString());
        Assert.True(JsonNode.DeepEquals(expected["reports"]![0]!["proposals"], report["reports"]![0]!["proposals"]));
    }

    [Theory]
    [InlineData("/fhir/$evaluate", "", 400, "subject or bundle is needed")]
    [InlineData("/fhir/$evaluate", "{", 400, "no valid JSON")]
    [InlineData("/fhir/$evaluate", "[]", 400, "no FHIR resource")]
    [InlineData("/fhir/$evaluate", """{"resourceType":"Bundle","type":"collection"}""", 400, "holds no Patient")]
    [InlineData("/fhir/$evaluate?asOf=yesterday", """{"resourceType":"Bundle"}""", 400, "asOf must be")]
    [InlineData("/fhir/$evaluate?lang=fr", """{"resourceType":"Bundle"}""", 400, "en or ru")]
    [InlineData("/fhir/$evaluate?subject=http://elsewhere.example.org/fhir/Patient/1", "", 403, "ever called")]
    [InlineData("/fhir/$evaluate?subject=Patient/../x", "", 400, "subject must be")]
    [InlineData("/fhir/PlanDefinition/magnesium-migraine/$apply", "", 400, "subject is needed")]
    [InlineData("/fhir/PlanDefinition/other/$apply?subject=Patient/1", "", 404, "no such PlanDefinition")]
    [InlineData("/fhir/PlanDefinition/$apply?subject=Patient/1", "", 400, "planDefinition is needed")]
    [InlineData("/fhir/$evaluate?_format=csv", "", 406, "application/fhir+json")]
    [InlineData("/fhir/$evaluate", """{"resourceType":"Parameters","parameter":[{"name":"\ud800","valueString":"x"}]}""", 400, "no valid UTF-8")]
    [InlineData("/fhir/$evaluate", """{"resourceType":"Parameters","parameter":[{"name":"subject","valueString":"\ud800"}]}""", 400, "no valid UTF-8")]
    public async Task A_wrong_request_is_answered_with_what_to_do(string url, string body, int status, string says)
    {
        await using var service = await StartAsync(new Uri("http://127.0.0.1:9/fhir"));
        using var content = new StringContent(body, Encoding.UTF8, "application/fhir+json");
        var response = await service.Http.PostAsync(new Uri(url, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var outcome = await ReadAsync(response, (HttpStatusCode)status);
        Assert.Equal("OperationOutcome", (string?)outcome["resourceType"]);
        Assert.Contains(says, (string)outcome["issue"]![0]!["diagnostics"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        await using var service = await StartAsync(new Uri("http://127.0.0.1:9/fhir"));
        using var content = new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded");
        await ReadAsync(await service.Http.PostAsync(new Uri("/fhir/$evaluate", UriKind.Relative), content, TestContext.Current.CancellationToken), HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData(404, 404)]
    [InlineData(403, 502)]
    [InlineData(503, 503)]
    public async Task What_the_server_answers_is_passed_on_as_an_outcome(int theirs, int ours)
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Resources(Case)).Inject(Faults.Status(theirs).When(request => request.Url.AbsolutePath.EndsWith("/Patient/p-4471", StringComparison.Ordinal)));
        await using var service = await StartAsync(simulator.BaseUrl);
        var response = await service.Http.GetAsync(new Uri("/fhir/$evaluate?subject=Patient/p-4471", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("OperationOutcome", (string?)(await ReadAsync(response, (HttpStatusCode)ours))["resourceType"]);
    }

    [Fact]
    public async Task Xml_goes_in_and_out()
    {
        await using var service = await StartAsync(new Uri("http://127.0.0.1:9/fhir"));
        using var content = new StringContent(
            """<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><resource><Patient><id value="p1"/><birthDate value="1980-01-01"/></Patient></resource></entry></Bundle>""",
            Encoding.UTF8, "application/fhir+xml");
        var response = await service.Http.PostAsync(new Uri($"/fhir/$evaluate?asOf={AsOf}&_format=xml", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("application/fhir+xml", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("<?xml", text, StringComparison.Ordinal);
        Assert.Contains("Patient/p1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_applied_to_the_subject_in_the_data()
    {
        await using var service = await StartAsync(new Uri("http://127.0.0.1:9/fhir"));
        var body = new JsonObject
        {
            ["resourceType"] = "Parameters",
            ["parameter"] = new JsonArray(
                new JsonObject { ["name"] = "subject", ["valueString"] = "Patient/p-4471" },
                new JsonObject { ["name"] = "encounter", ["valueString"] = "Encounter/e1" },
                new JsonObject { ["name"] = "asOf", ["valueDateTime"] = AsOf },
                new JsonObject { ["name"] = "data", ["resource"] = JsonNode.Parse(Bundle(Case)) }),
        };
        var plan = await PostAsync(service, "/fhir/PlanDefinition/magnesium-migraine/$apply", body.ToJsonString());
        Assert.Equal("CarePlan", (string?)plan["resourceType"]);
        Assert.Equal("Encounter/e1", (string?)plan["encounter"]!["reference"]);
        Assert.Contains(plan["contained"]!.AsArray(), resource => (string?)resource!["resourceType"] == "RequestGroup");
    }

    private static Task<RunningService> StartAsync(Uri fhirBase) => RunningService.StartAsync(RunningService.Serving(fhirBase));

    private static string Bundle(string name) => File.ReadAllText(Repository.Path("fhir-samples", name, "bundle.json"));

    private static IEnumerable<JsonObject> Resources(string name) =>
        JsonNode.Parse(Bundle(name))!["entry"]!.AsArray().Select(entry => entry!["resource"]!.DeepClone().AsObject());

    private static JsonNode? Part(JsonObject parameters, string name) => parameters["parameter"]!.AsArray().SingleOrDefault(part => (string?)part!["name"] == name);

    private static async Task<JsonObject> PostAsync(RunningService service, string url, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/fhir+json");
        return await ReadAsync(await service.Http.PostAsync(new Uri(url, UriKind.Relative), content, TestContext.Current.CancellationToken), HttpStatusCode.OK);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal("application/fhir+json", response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!.AsObject();
    }
}
