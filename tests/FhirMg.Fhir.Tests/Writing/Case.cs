using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>A patient's data, changed in one thing at a time, and what is concluded from them.</summary>
internal sealed record Case(JsonObject Bundle)
{
    public static readonly DateTimeOffset AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Mild hypomagnesaemia and migraine: RX-1, RX-3 four times, DIET-1 and LAB-3 are proposed.</summary>
    public static Case Mild { get; } = Sample("adult-mild-with-migraine");

    /// <summary>Normal serum, eleven answers: latent deficiency is suspected, with much the same proposals.</summary>
    public static Case Latent { get; } = Sample("latent-by-manifestations");

    public static IEnumerable<string> Names { get; } =
        Directory.GetDirectories(Path.Combine(Root(), "fhir-samples")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    public static Case Sample(string name) => new(JsonNode.Parse(File.ReadAllText(PathOf(name)))!.AsObject());

    public static string PathOf(string name) => Path.Combine(Root(), "fhir-samples", name, "bundle.json");

    public Case WithSerum(decimal value) => Changed("mg-1", resource => resource["valueQuantity"]!["value"] = value);

    public Case WithEgfr(decimal value) => Changed("egfr-1", resource => resource["valueQuantity"]!["value"] = value);

    public Case WithAnxiety() => With("""{"resourceType":"Condition","id":"anxiety","subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"F41.1"}]}}""");

    public Case OnMagnesium() => With("""{"resourceType":"MedicationStatement","id":"own","status":"active","subject":{"reference":"Patient/p1"},"effectivePeriod":{"start":"2026-11-20"},"medicationCodeableConcept":{"coding":[{"system":"http://www.whocc.no/atc","code":"A12CC06"}]}}""");

    public Case With(string resource)
    {
        var copy = Bundle.DeepClone().AsObject();
        copy["entry"]!.AsArray().Add(new JsonObject { ["resource"] = JsonNode.Parse(resource) });
        return new(copy);
    }

    public Case Without(string id)
    {
        var copy = Bundle.DeepClone().AsObject();
        copy["entry"]!.AsArray().RemoveAll(entry => (string?)entry!["resource"]!["id"] == id);
        return new(copy);
    }

    public Assessment Assess(DateTimeOffset? asOf = null, DataKinds notRead = DataKinds.None) => AssessAll(asOf, notRead)[0];

    public IReadOnlyList<Assessment> AssessAll(DateTimeOffset? asOf = null, DataKinds notRead = DataKinds.None)
    {
        var reader = new InputReader(Knowledge.BuiltIn);
        Assert.Empty(reader.Read(Encoding.UTF8.GetBytes(Bundle.ToJsonString()), "test.json"));
        return [.. reader.Documents().SelectMany(document => document.Patients)
            .Select(patient => Evaluator.Evaluate(Extractor.Extract(patient, Knowledge.BuiltIn, asOf ?? AsOf, notRead), Knowledge.BuiltIn))];
    }

    private Case Changed(string id, Action<JsonObject> change)
    {
        var copy = Bundle.DeepClone().AsObject();
        change(copy["entry"]!.AsArray().Select(entry => entry!["resource"]!.AsObject()).Single(resource => (string?)resource["id"] == id));
        return new(copy);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "global.json")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
