namespace FhirMg.Service.Hooks.Cards;

/// <summary>That the record of the patient of a call was merged into another's.</summary>
/// <param name="Survivor">The one that lives on, as <c>Patient/id</c>.</param>
/// <param name="IsEvaluated">Whether that one was evaluated in place of the one merged.</param>
/// <param name="Left">The merged records, as <c>Patient/id</c>, of which not everything could be read that may still lie with them.</param>
internal sealed record Merge(string Survivor, bool IsEvaluated, IReadOnlyList<string> Left);
