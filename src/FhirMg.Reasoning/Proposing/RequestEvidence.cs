using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Proposing;

/// <summary>What the requests of a rule rest on.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Reasons">The evidence that a request gives as its reasons.</param>
/// <param name="Supporting">What else supports it.</param>
/// <param name="References">Writes references to them.</param>
internal sealed record RequestEvidence(Rule Rule, IReadOnlyList<Evidence> Reasons, IReadOnlyList<Evidence> Supporting, ReferenceJson References)
{
    /// <summary>A Reference to each reason, as JSON.</summary>
    public byte[][] ReasonsJson => field ??= References.To(Reasons);

    /// <summary>A Reference to each of what else supports it, as JSON.</summary>
    public byte[][] SupportingJson => field ??= References.To(Supporting);

    /// <summary>The evidence of a rule, each in its place.</summary>
    public static RequestEvidence Of(Rule rule, IReadOnlyList<Evidence> all, ReferenceJson references)
    {
        var (reasons, supporting) = (new List<Evidence>(all.Count), new List<Evidence>(all.Count));
        for (var i = 0; i < all.Count; i++)
        {
            (IsReason(all[i]) ? reasons : supporting).Add(all[i]);
        }

        return new(rule, reasons, supporting, references);
    }

    private static bool IsReason(Evidence evidence) =>
        Composer.CanBeReferredTo(evidence.Resource) && evidence.Resource.Contains("Condition/", StringComparison.Ordinal);
}
