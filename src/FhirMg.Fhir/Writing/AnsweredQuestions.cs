using System.Globalization;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>Answers to the manifestations questionnaire (SYM-1) that a person gave.</summary>
/// <param name="Answers">The answer to each question, by its <c>linkId</c>.</param>
/// <param name="Identifier">Names this giving of answers: sent twice, it is written once.</param>
/// <param name="When">When they were given.</param>
/// <param name="By">Who recorded them, as a reference such as <c>Practitioner/1</c>; null when the server has not said who it is.</param>
/// <param name="Encounter">The encounter, as a reference; null when none is known.</param>
public sealed record AnsweredQuestions(IReadOnlyDictionary<string, bool> Answers, string Identifier, DateTimeOffset When, string? By, string? Encounter)
{
    /// <summary>The QuestionnaireResponse of these answers.</summary>
    /// <param name="knowledge">The knowledge with the questionnaire.</param>
    /// <param name="patient">The patient, as <c>Patient/id</c>.</param>
    /// <param name="language">The language that the questions were asked in.</param>
    public JsonObject Resource(Knowledge knowledge, string patient, Language language)
    {
        var names = new Names(knowledge.CanonicalBase);
        var resource = new JsonObject
        {
            ["resourceType"] = "QuestionnaireResponse",
            ["meta"] = new JsonObject { ["tag"] = new JsonArray(new JsonObject { ["system"] = names.CodeSystem, ["code"] = "generated" }) },
            ["language"] = language == Language.Russian ? "ru" : "en",
            ["identifier"] = new JsonObject { ["system"] = names.AnswersSystem, ["value"] = Identifier },
            ["questionnaire"] = $"{knowledge.QuestionnaireUrl}|{knowledge.Version}",
            ["status"] = "completed",
            ["subject"] = Reference(patient),
        };
        if (Encounter is not null)
        {
            resource["encounter"] = Reference(Encounter);
        }

        resource["authored"] = When.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (By is not null)
        {
            resource["author"] = Reference(By);
        }

        // Who answered is the patient; who wrote it down is the author.
        resource["source"] = Reference(patient);
        resource["item"] = new JsonArray(
        [
            .. knowledge.Manifestations.Where(question => Answers.ContainsKey(question.LinkId)).Select(question => new JsonObject
            {
                ["linkId"] = question.LinkId,
                ["text"] = question.Question[language],
                ["answer"] = new JsonArray(new JsonObject { ["valueBoolean"] = Answers[question.LinkId] }),
            }),
        ]);
        return resource;
    }

    private static JsonObject Reference(string reference) => new() { ["reference"] = reference };
}
