using System.Text;
using System.Text.Json;
using FhirMg.Fhir.Pulling;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Service.Hooks.Discovery;

/// <summary>One query whose result an EHR may send along.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Type">The resource type that it yields.</param>
/// <param name="Query">The query, with tokens of the specification alone.</param>
internal sealed record PrefetchTemplate(string Key, string Type, string Query)
{
    /// <summary>The length that a query stays under, in characters.</summary>
    public const int LongestQuery = 2000;
    private const string Patient = "patient={{context.patientId}}";
    private const string Count = "&_count=200";

    /// <summary>The templates of all that rules ask for.</summary>
    /// <param name="knowledges">The knowledge of every tenant: one discovery serves all, so it asks for the codes of each.</param>
    public static IReadOnlyList<PrefetchTemplate> Of(IReadOnlyCollection<Knowledge> knowledges)
    {
        var templates = new List<PrefetchTemplate>();
        foreach (var type in knowledges.SelectMany(knowledge => knowledge.Requirements).Select(requirement => requirement.Type).Distinct())
        {
            var key = KeyOf(type);
            if (type == "Observation")
            {
                templates.AddRange(ByCode(knowledges).Select((query, i) => new PrefetchTemplate(i == 0 ? key : $"{key}{i + 1}", type, query)));
            }
            else
            {
                templates.Add(new(key, type, QueryOf(type, knowledges.First())));
            }
        }

        return templates;
    }

    /// <summary>Whether a service needs what the template yields.</summary>
    public bool IsNeededBy(HookService service) => Type == "Patient" || (PatientCompletion.KindOf(Type) & service.Needs) != 0;

    private static string QueryOf(string type, Knowledge knowledge) => type switch
    {
        "Patient" => "Patient/{{context.patientId}}",
        "Encounter" => $"Encounter?{Patient}&status=in-progress{Count}",
        "MedicationRequest" => $"MedicationRequest?{Patient}&status=active{Count}",
        "MedicationStatement" => $"MedicationStatement?{Patient}&status=active,intended{Count}",
        "MedicationAdministration" => $"MedicationAdministration?{Patient}&status=in-progress,completed,stopped{Count}",
        "QuestionnaireResponse" => $"QuestionnaireResponse?{Patient}&questionnaire={knowledge.QuestionnaireUrl}{Count}",
        _ => $"{type}?{Patient}{Count}",
    };

    private static string KeyOf(string type)
    {
        var camel = JsonNamingPolicy.CamelCase.ConvertName(type);
        return type == "Patient" ? camel : camel.EndsWith('y') ? $"{camel[..^1]}ies" : $"{camel}s";
    }

    private static IEnumerable<string> ByCode(IEnumerable<Knowledge> knowledges)
    {
        var codes = knowledges.SelectMany(knowledge => knowledge.Requirements
                .Where(requirement => requirement is { Type: "Observation", ValueSet: not null })
                .SelectMany(requirement => knowledge.CodesOf(requirement.ValueSet!)))
            .Select(code => $"{code.System}|{code.Value}").Distinct(StringComparer.Ordinal);
        var start = $"Observation?{Patient}{Count}&code=";
        var query = new StringBuilder(start);
        foreach (var code in codes)
        {
            if (query.Length + code.Length + 1 >= LongestQuery)
            {
                yield return query.ToString();
                query.Clear().Append(start);
            }

            query.Append(query.Length == start.Length ? "" : ",").Append(code);
        }

        yield return query.ToString();
    }
}
