using System.Runtime.InteropServices;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Evaluation;

/// <summary>Finds what rules rest on: every rule names its facts in its own order, and of facts of one resource the first counts.</summary>
/// <param name="assessment">The assessment.</param>
/// <param name="known">What facts say, where that is asked for several rules; null where it need not be kept.</param>
internal sealed class Grounds(Assessment assessment, Dictionary<Fact, Evidence>? known)
{
    // A set of names costs more than looking at the few that there commonly are.
    private const int Few = 8;
    private readonly CaseFeatures _features = assessment.Features;
    private List<Evidence> _found = [];
    private HashSet<string>? _names;

    /// <summary>The evidence of a rule, then of others beside it, each resource once.</summary>
    public IReadOnlyList<Evidence> Of(Rule rule, RuleSet beside = default)
    {
        (_found, _names) = ([], null);
        AddFor(rule);
        foreach (var other in beside)
        {
            AddFor(other);
        }

        return _found;
    }

    private void AddFor(Rule rule)
    {
        switch (rule)
        {
            case Rule.Stat2 or Rule.Stat3 or Rule.Safe3 or Rule.Safe8 or Rule.Lab1 or Rule.Def0 or Rule.Def5:
                AddSerum();
                break;
            case Rule.Def1:
                AddSerum();
                AddConditions(ConditionSets.MagnesiumDeficiency | ConditionSets.Hypomagnesaemia | ConditionSets.MagnesiumMetabolismDisorder);
                break;
            case Rule.Def2 or Rule.Def4:
                AddSerum();
                AddMigraine();
                AddIndicators();
                break;
            case Rule.Def3:
                AddSerum();
                AddConditions(ConditionSets.MagnesiumMetabolismDisorder);
                AddIndicators();
                break;
            case Rule.RiskG1:
                AddConditions(ConditionSets.Pregnancy | ConditionSets.Breastfeeding);
                Add(_features.PregnancyAnswer);
                break;
            case Rule.Cause1:
                AddMedicines(MedicineSets.MagnesiumLowering);
                break;
            case Rule.Load1:
                AddAll(_features.HeadacheBurden);
                break;
            case Rule.Risk1 or Rule.Lab3 or Rule.Ask1:
                AddSerum();
                AddMigraine();
                break;
            case Rule.Risk2 or Rule.Risk3 or Rule.Rx1 or Rule.Rx3:
                AddMigraine();
                AddFor(assessment.DeficiencyRule);
                break;
            case Rule.Rx2:
                AddMigraine();
                AddFor(assessment.DeficiencyRule);
                AddConditions(ConditionSets.AnxietyDepressionStress);
                break;
            case Rule.Rx4:
                AddMedicines(MedicineSets.Valproate);
                break;
            case Rule.Rx5:
                AddMigraine();
                AddFor(assessment.DeficiencyRule);
                AddFor(Rule.RiskG1);
                AddAllergies(static allergy => allergy.Preventive);
                break;
            case Rule.Rx6:
                AddMigraine();
                Add(_features.AcuteAttack);
                break;
            case Rule.Rx7:
                AddMigraine();
                Add(_features.AuraStatus ?? _features.InpatientAttack);
                break;
            case Rule.Rx8:
                AddSerum();
                AddMedicines(MedicineSets.MagnesiumOral);
                break;
            case Rule.Diet1:
                AddFor(assessment.DeficiencyRule);
                break;
            case Rule.Lab2:
                AddSerum();
                Add(_features.Manifestations);
                break;
            default:
                AddForSafety(rule);
                break;
        }
    }

    private void AddForSafety(Rule rule)
    {
        switch (rule)
        {
            case Rule.Safe1:
                AddConditions(ConditionSets.SevereRenalImpairment);
                Add(_features.Egfr);
                break;
            case Rule.Safe2 or Rule.Lab4:
                Add(_features.Egfr);
                break;
            case Rule.Safe4:
                AddConditions(ConditionSets.MyastheniaGravis);
                break;
            case Rule.Safe5:
                AddConditions(ConditionSets.AvBlock);
                break;
            case Rule.Safe6:
                AddAllergies(static allergy => allergy.Magnesium);
                break;
            case Rule.Safe7:
                AddSafetyMedicines(MedicineSets.AbsorptionPartners);
                break;
            case Rule.Safe9:
                AddPregnancy();
                AddSafetyMedicines(MedicineSets.Valproate);
                break;
            case Rule.Safe10:
                AddPregnancy();
                break;
            case Rule.Safe11:
                Add(_features.AcuteAttack);
                break;
            default:
                break;
        }
    }

    private void Add(Fact? fact)
    {
        if (fact is not null && (_names?.Add(fact.Name) ?? !IsAmongFound(fact.Name)))
        {
            _found.Add(Say(fact));
            _names ??= _found.Count < Few ? null : _found.Select(one => one.Resource).ToHashSet(StringComparer.Ordinal);
        }
    }

    private Evidence Say(Fact fact)
    {
        if (known is null)
        {
            return Evidence.From(fact, assessment.Knowledge);
        }

        ref var said = ref CollectionsMarshal.GetValueRefOrAddDefault(known, fact, out _);
        return said ??= Evidence.From(fact, assessment.Knowledge);
    }

    private bool IsAmongFound(string name)
    {
        foreach (var one in _found)
        {
            if (one.Resource == name)
            {
                return true;
            }
        }

        return false;
    }

    private void AddAll(IReadOnlyList<Fact> facts)
    {
        for (var i = 0; i < facts.Count; i++)
        {
            Add(facts[i]);
        }
    }

    private void AddSerum() => Add(_features.Serum ?? _features.StaleSerum);

    private void AddConditions(ConditionSets sets)
    {
        var conditions = _features.Conditions;
        for (var i = 0; i < conditions.Count; i++)
        {
            Add((conditions[i].Sets & sets) == 0 ? null : conditions[i]);
        }
    }

    private void AddMigraine()
    {
        AddConditions(ConditionSets.Migraine);
        var encounters = _features.Encounters;
        for (var i = 0; i < encounters.Count; i++)
        {
            Add(encounters[i].ReasonCodes.HasFlag(ConditionSets.Migraine) ? encounters[i] : null);
        }
    }

    private void AddIndicators()
    {
        Add(_features.Manifestations);
        Add(_features.Tetany);
        Add(_features.Erythrocyte);
        Add(_features.Leukocyte);
        Add(_features.Ionized);
    }

    private void AddPregnancy()
    {
        AddConditions(ConditionSets.Pregnancy);
        Add(_features.PregnancyAnswer is { Positive: true } answer ? answer : null);
    }

    private void AddMedicines(MedicineSets sets) => AddMedicines(_features.Medicines, sets);

    private void AddSafetyMedicines(MedicineSets sets)
    {
        AddMedicines(_features.Medicines, sets);
        AddMedicines(_features.Drafts, sets);
    }

    private void AddMedicines(IReadOnlyList<MedicineFact> medicines, MedicineSets sets)
    {
        for (var i = 0; i < medicines.Count; i++)
        {
            Add((medicines[i].Codes.Sets & sets) == 0 ? null : medicines[i]);
        }
    }

    private void AddAllergies(Func<AllergyFact, bool> counts)
    {
        foreach (var allergy in _features.Allergies)
        {
            Add(counts(allergy) ? allergy : null);
        }
    }
}
