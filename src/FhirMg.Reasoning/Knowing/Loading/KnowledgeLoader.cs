using System.Text.Json;
using FhirMg.Reasoning.Evaluation;

namespace FhirMg.Reasoning.Knowing.Loading;

/// <summary>Turns the knowledge artifacts into one immutable <see cref="Knowledge"/>, or refuses, naming file and element.</summary>
internal static class KnowledgeLoader
{
    public static Knowledge Load(IEnumerable<KnowledgeFile> files)
    {
        var artifacts = new Dictionary<(string Type, string Id), Node>();
        foreach (var node in files.Select(Parse))
        {
            if (!artifacts.TryAdd((node["resourceType"].String, node["id"].String), node))
            {
                throw node["id"].Refuse($"another file defines {node["resourceType"].String}/{node["id"].String} too");
            }
        }

        Node Require(string type, string id) => artifacts.TryGetValue((type, id), out var node)
            ? node
            : throw KnowledgeException.At($"{type}-{id}.json", type, "the file is missing");

        var plan = Require("PlanDefinition", "magnesium-migraine");
        var url = plan["url"].String;
        var canonicalBase = url.EndsWith("/PlanDefinition/magnesium-migraine", StringComparison.Ordinal)
            ? url[..^"/PlanDefinition/magnesium-migraine".Length]
            : throw plan["url"].Refuse("does not end in /PlanDefinition/magnesium-migraine");

        var terminology = new Terminology
        {
            MagnesiumUnits = UnitLoader.Magnesium(Require("CodeSystem", "magnesium-unit")),
            EgfrUnits = UnitLoader.Egfr(Require("CodeSystem", "egfr-unit")),
        };
        var sets = new ValueSetLoader(canonicalBase, terminology);
        foreach (var set in artifacts.Values.Where(node => node["resourceType"].String == "ValueSet"))
        {
            sets.Load(set);
        }

        sets.RequireAll();
        Require("NamingSystem", "icd-10-ru");
        Require("CodeSystem", "manifestation");
        Require("Measure", "magnesium-migraine-cohort");
        foreach (var system in artifacts.Values.Where(node => node["resourceType"].String == "NamingSystem"))
        {
            sets.LoadAliases(system);
        }

        var rules = new PlanLoader(canonicalBase, plan);
        var texts = rules.Load();
        CriterionTable.Verify(texts, plan.File);
        var activities = artifacts.Values.Where(node => node["resourceType"].String == "ActivityDefinition")
            .Select(node => ReadActivity(canonicalBase, node, rules.Citations)).ToDictionary(activity => activity.Id, StringComparer.Ordinal);
        foreach (var rule in texts)
        {
            if (rule.Activities.FirstOrDefault(id => !activities.ContainsKey(id)) is { } id)
            {
                throw plan.Refuse($"{rule.Rule.Id()} proposes '{id}', which no ActivityDefinition defines");
            }
        }

        var questionnaire = Require("Questionnaire", "magnesium-deficiency-manifestations");
        List<Manifestation> manifestations = [.. questionnaire.Each("item").Select(item => new Manifestation(item["linkId"].String, item.Text("text")))];
        for (var i = 0; i < manifestations.Count; i++)
        {
            if (artifacts.TryGetValue(("ValueSet", $"prefill-{manifestations[i].LinkId}"), out var prefill))
            {
                sets.LoadPrefill(prefill, 1u << i);
            }
        }

        var egfr = Require("ObservationDefinition", "egfr");
        return new(terminology)
        {
            CanonicalBase = canonicalBase,
            Url = url,
            Version = plan["version"].String,
            Title = plan.Text("title"),
            Rules = texts,
            Citations = rules.Citations,
            Activities = activities,
            Thresholds = rules.Thresholds(),
            Terms = Concepts(Require("CodeSystem", "fhirmg")),
            Wording = Concepts(Require("CodeSystem", "wording")),
            ScreeningWording = Concepts(Require("CodeSystem", "screening")),
            OverrideReasons = Concepts(Require("CodeSystem", "override-reason")),
            CardTopics = Concepts(Require("CodeSystem", "card-topic")),
            ValueSetTitles = sets.Titles,
            Serum = ScaleLoader.Serum(Require("ObservationDefinition", "serum-magnesium")),
            IonizedLow = ScaleLoader.Interval(Require("ObservationDefinition", "ionized-magnesium"), "low"),
            EgfrSevere = ScaleLoader.HalfOpen(egfr, "severe"),
            EgfrReduced = ScaleLoader.HalfOpen(egfr, "reduced"),
            EgfrPlausible = ScaleLoader.Interval(egfr, "plausible"),
            Requirements = [.. Require("Library", "magnesium-migraine").Each("dataRequirement").Select(ReadRequirement)],
            QuestionnaireUrl = questionnaire["url"].String,
            Manifestations = manifestations,
            ManifestationsAbout = questionnaire.Text("description"),
            Artifacts = [.. artifacts.Values.Select(node => node.Json)],
        };
    }

    private static Node Parse(KnowledgeFile file)
    {
        try
        {
            using var document = JsonDocument.Parse(file.Content);
            return new(file.Name, document.RootElement.TryGetProperty("resourceType", out var type) ? type.ToString() : "$", document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new KnowledgeException($"{file.Name}: not a FHIR resource in JSON: {e.Message}", e);
        }
    }

    private static Activity ReadActivity(string canonicalBase, Node node, Dictionary<string, Citation> citations)
    {
        foreach (var source in node.Each("relatedArtifact").Select(source => source["label"]))
        {
            if (!citations.ContainsKey(source.String))
            {
                throw source.Refuse($"the source '{source.String}' is not among the plan's relatedArtifact");
            }
        }

        var isMedicine = node["kind"].String == "MedicationRequest";
        return new(
            node["id"].String, $"{node["url"].String}|{node["version"].String}", node["kind"].String, node.Text("title"), node.OptionalText("usage"),
            isMedicine ? node["productCodeableConcept"].Each("coding").First(coding => coding["system"].String == $"{canonicalBase}/CodeSystem/fhirmg")["code"].String : null,
            node.Each("dosage").Any(dosage => dosage.Has("doseAndRate") || dosage.Has("maxDosePerPeriod")),
            node.Extensions($"{canonicalBase}/StructureDefinition/dose-basis").Select(basis => basis.Text("valueString")).FirstOrDefault(),
            node.Json);
    }

    private static DataRequirement ReadRequirement(Node requirement)
    {
        var codes = requirement.Each("codeFilter").Where(filter => filter.Has("valueSet")).Select(filter => filter["valueSet"].String.Split('|')[0].Split('/')[^1]).FirstOrDefault();
        var days = requirement.Each("dateFilter").Where(filter => filter.Has("valueDuration")).Select(filter => (double?)filter["valueDuration"]["value"].Decimal).FirstOrDefault();
        return new(requirement["type"].String, codes, days is { } count ? TimeSpan.FromDays(count) : null);
    }

    private static Dictionary<string, Text> Concepts(Node codeSystem)
    {
        var concepts = new Dictionary<string, Text>(StringComparer.Ordinal);
        foreach (var concept in codeSystem.Each("concept"))
        {
            var russian = concept.Each("designation").Where(designation => designation.OptionalString("language") == "ru")
                .Select(designation => designation["value"].String).FirstOrDefault()
                ?? throw concept.Refuse("has no Russian designation");
            if (!concepts.TryAdd(concept["code"].String, new(concept["display"].String, russian)))
            {
                throw concept["code"].Refuse($"the code '{concept["code"].String}' stands twice");
            }
        }

        return concepts;
    }
}
