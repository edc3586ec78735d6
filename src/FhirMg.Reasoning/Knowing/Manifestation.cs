namespace FhirMg.Reasoning.Knowing;

/// <summary>A question of the manifestations questionnaire (SYM-1).</summary>
/// <param name="LinkId">Its <c>linkId</c>.</param>
/// <param name="Question">Its words.</param>
public sealed record Manifestation(string LinkId, Text Question)
{
    /// <summary>The question that is left out of the count when migraine is present: it would count the migraine itself.</summary>
    internal const string Headache = "headache";
}
