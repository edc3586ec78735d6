using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Extraction;

/// <summary>
/// The questions on manifestations that a patient's coded conditions suggest an answer to (SYM-1). They prefill the form, for a person to
/// confirm or correct; they never count by themselves.
/// </summary>
public static class ManifestationPrefill
{
    /// <summary>For each question suggested, by its <c>linkId</c>, the words of the conditions that suggest it.</summary>
    /// <param name="knowledge">The knowledge.</param>
    /// <param name="pages">What a server sent about the patient: searchsets and resources, UTF-8 JSON.</param>
    /// <param name="patient">The patient, as <c>Patient/id</c>.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Of(Knowledge knowledge, IEnumerable<ReadOnlyMemory<byte>> pages, string patient)
    {
        // Read as ever, only that codes mean questions: presence and verification are judged in one place (IN-7).
        var answers = new SearchPages(knowledge with { Terminology = knowledge.Terminology.OfPrefill() });
        foreach (var page in pages)
        {
            answers.Add(page.Span, "Condition");
        }

        var conditions = answers.Document().Patients.Where(record => record.Name == patient)
            .SelectMany(record => record.Conditions).Where(condition => condition is { Confirmed: true, Malformed: false }).ToList();
        return knowledge.Manifestations
            .Select((question, i) => (question.LinkId, Suggesting: conditions.Where(condition => ((uint)condition.Sets & (1u << i)) != 0)))
            .Where(pair => pair.Suggesting.Any())
            .ToDictionary(pair => pair.LinkId, pair => (IReadOnlyList<string>)[.. pair.Suggesting.Select(condition => condition.Label ?? condition.Name).Distinct()], StringComparer.Ordinal);
    }
}
