namespace FhirMg.Service.Hooks.Cards;

/// <summary>That the record of the patient of a call was merged into another's.</summary>
/// <param name="Survivor">The one that lives on, as <c>Patient/id</c>.</param>
/// <param name="IsEvaluated">Whether that one was evaluated in place of the one merged.</param>
internal sealed record Merge(string Survivor, bool IsEvaluated);
