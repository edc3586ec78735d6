using System.Net;
using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Tests;

public sealed class FhirTests(OpenHospital shared) : IClassFixture<OpenHospital>
{
    private const string Patient = "adult-mild-with-migraine-p1";
    private readonly Hospital _hospital = shared.Hospital;

    [Theory]
    [InlineData($"Condition?patient={Patient}", 1)]
    [InlineData($"Condition?subject=Patient/{Patient}&clinical-status=active", 1)]
    [InlineData($"Condition?patient={Patient}&code=http://hl7.org/fhir/sid/icd-10|G43.0,other|x", 1)]
    [InlineData($"Condition?patient={Patient}&code=http://elsewhere|G43.0", 0)]
    [InlineData($"Observation?patient={Patient}&date=ge2026-11-02&date=lt2026-11-03", 2)]
    [InlineData($"Observation?patient={Patient}&date=gt2026-11-03", 0)]
    [InlineData($"Observation?patient={Patient}&status:not=final", 0)]
    [InlineData($"Patient?_id={Patient}&birthdate=1984&family=sokol", 1)]
    [InlineData($"Patient?_id={Patient}&gender=male", 0)]
    [InlineData($"Patient?_id={Patient}&identifier:missing=true", 1)]
    public async Task A_search_finds(string search, int count) => Assert.Equal(count, Hospital.Ids(await _hospital.GetAsync(search)).Length);

    [Theory]
    [InlineData("Condition?colour=red")]
    [InlineData("Observation?date=yesterday")]
    [InlineData("Observation?code:fuzzy=x")]
    [InlineData("Observation?_sort=colour")]
    [InlineData("Observation?_include=Observation:colour")]
    public async Task What_a_search_does_not_know_is_refused(string search)
    {
        var (response, body) = await _hospital.SendAsync(HttpMethod.Get, search);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("OperationOutcome", (string)body["resourceType"]!);
    }

    [Fact]
    public async Task Pages_bring_every_match_once()
    {
        var seen = new List<string>();
        var url = "Patient?_count=40&_sort=-birthdate";
        for (var page = 0; url is not null && page < 20; page++)
        {
            var bundle = await _hospital.GetAsync(url);
            seen.AddRange(Hospital.Ids(bundle));
            url = (string?)bundle["link"]!.AsArray().FirstOrDefault(link => (string)link!["relation"]! == "next")?["url"];
        }

        Assert.Null(url);
        Assert.Equal((int)(await _hospital.GetAsync("Patient?_summary=count"))["total"]!, seen.Count);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        var (response, _) = await _hospital.SendAsync(HttpMethod.Get, "Patient?_page=made-up");
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
    }

    [Fact]
    public async Task Concurrent_conditional_creates_make_one()
    {
        var order = Order("urn:test", "once");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _hospital.SendAsync(HttpMethod.Post, "MedicationRequest", order, null, ("If-None-Exist", "identifier=urn:test|once"))));
        Assert.Single(answers, answer => answer.Response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(answer => answer.Response.StatusCode == HttpStatusCode.OK));
        Assert.Single(Hospital.Ids(await _hospital.GetAsync("MedicationRequest?identifier=urn:test|once")));
    }

    [Fact]
    public async Task Versions_guard_updates_and_deleted_is_gone()
    {
        var (created, body) = await _hospital.SendAsync(HttpMethod.Post, "MedicationRequest", Order("urn:test", "versions"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var url = $"MedicationRequest/{body["id"]}";
        Assert.EndsWith($"{url}/_history/1", created.Headers.Location!.AbsoluteUri);
        body["status"] = "active";
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await _hospital.SendAsync(HttpMethod.Put, url, body, null, ("If-Match", "W/\"7\""))).Response.StatusCode);
        var (updated, _) = await _hospital.SendAsync(HttpMethod.Put, url, body, null, ("If-Match", "W/\"1\""), ("Prefer", "return=minimal"));
        Assert.Equal("W/\"2\"", updated.Headers.ETag!.ToString());
        Assert.Equal("draft", (string)(await _hospital.GetAsync($"{url}/_history/1"))["status"]!);
        Assert.Equal(2, (int)(await _hospital.GetAsync($"{url}/_history"))["total"]!);
        Assert.Equal(HttpStatusCode.NoContent, (await _hospital.SendAsync(HttpMethod.Delete, url)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await _hospital.SendAsync(HttpMethod.Get, url)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _hospital.SendAsync(HttpMethod.Get, "MedicationRequest/never")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _hospital.SendAsync(HttpMethod.Post, "MedicationRequest", new JsonObject { ["resourceType"] = "MedicationRequest" })).Response.StatusCode);
    }

    [Fact]
    public async Task A_transaction_is_whole_or_not_at_all()
    {
        var good = Transaction(Order("urn:test", "t1"), "urn:uuid:00000000-0000-4000-8000-000000000001");
        var (response, body) = await _hospital.SendAsync(HttpMethod.Post, "", good);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var entries = body["entry"]!.AsArray();
        Assert.All(entries, entry => Assert.StartsWith("201", (string)entry!["response"]!["status"]!));
        Assert.Equal($"MedicationRequest/{entries[0]!["resource"]!["id"]}", (string)entries[1]!["resource"]!["target"]![0]!["reference"]!);
        var bad = Transaction(Order("urn:test", "t2"), "urn:uuid:00000000-0000-4000-8000-000000000002");
        ((JsonObject)bad["entry"]![1]!["resource"]!).Remove("agent");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await _hospital.SendAsync(HttpMethod.Post, "", bad)).Response.StatusCode);
        Assert.Empty(Hospital.Ids(await _hospital.GetAsync("MedicationRequest?identifier=urn:test|t2")));
        bad["type"] = "batch";
        var (_, batch) = await _hospital.SendAsync(HttpMethod.Post, "", bad);
        Assert.StartsWith("201", (string)batch["entry"]![0]!["response"]!["status"]!);
        Assert.StartsWith("422", (string)batch["entry"]![1]!["response"]!["status"]!);
    }

    [Fact]
    public async Task Everything_is_the_patient_and_what_is_theirs()
    {
        var bundle = await _hospital.GetAsync($"Patient/{Patient}/$everything");
        Assert.Equal("Patient", (string)bundle["entry"]![0]!["resource"]!["resourceType"]!);
        Assert.Superset(new HashSet<string> { "Observation", "Condition" }, bundle["entry"]!.AsArray().Select(entry => (string)entry!["resource"]!["resourceType"]!).ToHashSet());
        Assert.All(bundle["entry"]!.AsArray().Skip(1), entry => Assert.Contains(Patient, entry!["resource"]!.ToJsonString()));
    }

    [Fact]
    public async Task Bodies_that_are_no_fhir_are_refused()
    {
        using var text = new StringContent("<Patient/>", System.Text.Encoding.UTF8, "application/fhir+xml");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _hospital.Http.PostAsync(new Uri("Patient", UriKind.Relative), text, TestContext.Current.CancellationToken)).StatusCode);
        using var broken = new StringContent("{\"resourceType\":", System.Text.Encoding.UTF8, "application/fhir+json");
        Assert.Equal(HttpStatusCode.BadRequest, (await _hospital.Http.PostAsync(new Uri("Patient", UriKind.Relative), broken, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _hospital.SendAsync(HttpMethod.Get, "Starship/1")).Response.StatusCode);
    }

    internal static JsonObject Order(string system, string value, string patient = Patient) => new()
    {
        ["resourceType"] = "MedicationRequest",
        ["identifier"] = new JsonArray(new JsonObject { ["system"] = system, ["value"] = value }),
        ["status"] = "draft",
        ["intent"] = "proposal",
        ["medicationCodeableConcept"] = new JsonObject { ["text"] = "A medicine" },
        ["subject"] = new JsonObject { ["reference"] = $"Patient/{patient}" },
    };

    private static JsonObject Transaction(JsonObject order, string url) => new()
    {
        ["resourceType"] = "Bundle",
        ["type"] = "transaction",
        ["entry"] = new JsonArray(
            new JsonObject { ["fullUrl"] = url, ["resource"] = order, ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "MedicationRequest" } },
            new JsonObject
            {
                ["resource"] = new JsonObject
                {
                    ["resourceType"] = "Provenance",
                    ["target"] = new JsonArray(new JsonObject { ["reference"] = url }),
                    ["recorded"] = "2026-11-23T00:00:00Z",
                    ["agent"] = new JsonArray(new JsonObject { ["who"] = new JsonObject { ["display"] = "test" } }),
                },
                ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Provenance" },
            }),
    };
}
