using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private sealed record Safety(string Rule, string Severity, params string[] Blocks);

    private static readonly string[] AllRx = [.. OralRules, "RX-6", "RX-7"];
    private static readonly string[] AllRxAndDiet = [.. AllRx, "DIET-1"];

    // Those that look at the patient, with or without a proposal.
    private static IEnumerable<Safety> PatientSafety(Findings f)
    {
        var facts = f.Facts;
        var filtration = facts.Current("egfr")?.Value;
        var renal = (filtration is not null && !filtration.Touches(Interval.From(30))) || facts.Suspected(SevereRenal);
        if (renal)
        {
            yield return new Safety("SAFE-1", "high", AllRxAndDiet);
        }

        if (!renal && filtration is not null && filtration.Touches(Interval.HalfOpen(30, 60)))
        {
            yield return new Safety("SAFE-2", "moderate");
        }

        if (f.Serum.MaybeElevated)
        {
            yield return new Safety("SAFE-3", "high", AllRxAndDiet);
        }

        if (facts.Suspected(Myasthenia))
        {
            yield return new Safety("SAFE-4", "high", "RX-6", "RX-7");
        }

        if (facts.Suspected(AvBlock) && !facts.Confirmed(Pacemaker))
        {
            yield return new Safety("SAFE-5", "moderate", "RX-6", "RX-7");
        }

        if (facts.AllergicTo("oral", "injection"))
        {
            yield return new Safety("SAFE-6", "high", AllRx);
        }

        if (f.Serum.Current is { } serum && !serum.Value.Touches(Interval.From(0.4m)))
        {
            yield return new Safety("SAFE-8", "high");
        }

        if (facts.MaybePregnant && facts.Takes("valproate"))
        {
            yield return new Safety("SAFE-9", "high");
        }

        if (facts.Ages is { Youngest: < 2 })
        {
            yield return new Safety("SAFE-12", "high", "RX-5");
        }
    }

    // Those that fire only while a proposal, or the patient's own magnesium, stands.
    private static IEnumerable<Safety> ProposalSafety(Findings f, List<Proposal> standing)
    {
        var rules = standing.Select(p => p.Rule).ToHashSet();
        if (f.Facts.Takes("partner") && (f.OnMagnesium || rules.Overlaps(OralRules)))
        {
            yield return new Safety("SAFE-7", "moderate");
        }

        if (f.Facts.MaybePregnant && rules.Overlaps(["RX-6", "RX-7"]))
        {
            yield return new Safety("SAFE-10", "moderate");
        }

        if (rules.Contains("RX-6"))
        {
            yield return new Safety("SAFE-11", "low");
        }
    }

    private static IEnumerable<string> NotChecked(Findings f, int uncoded, int unresolved)
    {
        var facts = f.Facts;
        if (unresolved > 0)
        {
            yield return "RX-8";
            yield return "SAFE-7";
            yield return "SAFE-9";
        }

        var filtration = facts.Current("egfr")?.Value;
        if ((filtration is null || (filtration.Touches(Interval.Below(30)) && filtration.Touches(Interval.From(30))))
            && !facts.Suspected(SevereRenal))
        {
            yield return "SAFE-1";
        }

        if (!f.Serum.IsCurrent || facts.Observed.UnreadSerum.Any(when => when.BeginsAfter(f.Serum.Shown!.When)))
        {
            yield return "SAFE-3";
            yield return "SAFE-8";
        }

        if (uncoded > 0)
        {
            yield return "SAFE-4";
            yield return "SAFE-5";
        }

        if (facts.Allergies.Any(a => !AllergyConcepts(a).Any(CanBeMatched)))
        {
            yield return "SAFE-6";
        }

        if (facts.Birth is null)
        {
            yield return "SAFE-12";
        }
    }

    private static bool CanBeMatched(JsonNode concept) =>
        Codings(concept).Any(c => c.System is Atc or RxNorm or Snomed) || Words(concept).Any();
}
