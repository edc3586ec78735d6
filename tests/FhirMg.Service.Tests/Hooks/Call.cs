using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>A call of a CDS service, made from a case of fhir-samples.</summary>
internal sealed class Call
{
    public const string PatientView = "magnesium-migraine-patient-view";
    public const string OrderSelect = "magnesium-migraine-order-select";
    public const string OrderSign = "magnesium-migraine-order-sign";
    public const string EncounterStart = "magnesium-migraine-encounter-start";

    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["Patient"] = "patient",
        ["Observation"] = "observations",
        ["Condition"] = "conditions",
        ["Encounter"] = "encounters",
        ["MedicationRequest"] = "medicationRequests",
        ["MedicationStatement"] = "medicationStatements",
        ["MedicationAdministration"] = "medicationAdministrations",
        ["AllergyIntolerance"] = "allergyIntolerances",
        ["QuestionnaireResponse"] = "questionnaireResponses",
    };

    private Call(string service, JsonObject body) => (Service, Body) = (service, body);

    public string Service { get; }

    public JsonObject Body { get; }

    public JsonObject Prefetch => Body["prefetch"]!.AsObject();

    /// <summary>Everything that the case holds, sent along.</summary>
    public static Call Of(string sample, string service = PatientView) => Of(Resources(sample), service);

    public static Call Of(IReadOnlyList<JsonObject> resources, string service = PatientView)
    {
        var patient = resources.First(resource => (string?)resource["resourceType"] == "Patient");
        var prefetch = new JsonObject { ["patient"] = patient.DeepClone() };
        foreach (var (type, key) in Keys.Where(pair => pair.Key != "Patient"))
        {
            // Medications stand beside the requests that refer to them, as an include brings them.
            prefetch[key] = Searchset(resources.Where(resource => (string?)resource["resourceType"] == type
                || (type == "MedicationRequest" && (string?)resource["resourceType"] == "Medication")));
        }

        return new(service, new()
        {
            ["hook"] = service["magnesium-migraine-".Length..],
            ["hookInstance"] = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
            ["context"] = new JsonObject { ["userId"] = "Practitioner/dr", ["patientId"] = (string?)patient["id"] },
            ["prefetch"] = prefetch,
        });
    }

    public static List<JsonObject> Resources(string sample) =>
    [
        .. JsonNode.Parse(File.ReadAllText(Repository.Path("fhir-samples", sample, "bundle.json")))!["entry"]!.AsArray()
            .Select(entry => entry!["resource"]).OfType<JsonObject>().Select(resource => resource.DeepClone().AsObject()),
    ];

    public static JsonObject Searchset(IEnumerable<JsonObject> resources) => new()
    {
        ["resourceType"] = "Bundle",
        ["type"] = "searchset",
        ["entry"] = new JsonArray([.. resources.Select(resource => new JsonObject { ["resource"] = resource.DeepClone() })]),
    };

    public Call With(Action<JsonObject> change)
    {
        change(Body);
        return this;
    }

    public Call Without(params string[] keys) => With(_ => Array.ForEach(keys, key => Prefetch.Remove(key)));

    public Call At(Uri server) => With(body => body["fhirServer"] = server.AbsoluteUri);

    public Call Drafting(params string[] drafts) => With(body => body["context"]!["draftOrders"] = Searchset(drafts.Select(draft => JsonNode.Parse(draft)!.AsObject())));

    public async Task<CallAnswer> SendAsync(RunningService service, string? language = null, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"cds-services/{Service}") { Content = new StringContent(Body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.AcceptLanguage.ParseAdd(language ?? "");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await CallAnswer.ReadAsync(response);
    }
}

/// <summary>What a call was answered.</summary>
internal sealed record CallAnswer(int Status, JsonObject Body, string Text, HttpResponseHeaders Headers, string? ContentType)
{
    public IReadOnlyList<JsonObject> Cards => [.. Body["cards"]!.AsArray().Select(card => card!.AsObject())];

    public IEnumerable<string> Topics => Cards.Select(card => (string)card["source"]!["topic"]!["code"]!);

    public static async Task<CallAnswer> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject(), text, response.Headers, response.Content.Headers.ContentType?.ToString());
    }

    public string Diagnostics => (string)Body["issue"]![0]!["diagnostics"]!;
}
