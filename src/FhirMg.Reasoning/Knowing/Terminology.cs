namespace FhirMg.Reasoning.Knowing;

/// <summary>What codes, names and units mean to the rules.</summary>
internal sealed class Terminology
{
    // These follow from others, so no value set has their names.
    private static readonly MedicineSets[] Derived =
        [MedicineSets.MagnesiumOfUnknownForm, MedicineSets.MagnesiumByName, MedicineSets.AnyMagnesium, MedicineSets.AbsorptionPartners];

    private static readonly Dictionary<string, (Domain Domain, uint Sets)> ValueSets = Domains();

    /// <summary>The domains of value sets; a code is looked up in one of them.</summary>
    public enum Domain
    {
        Laboratory,
        Conditions,
        Medicines,
        Answers,
    }

    private readonly CodeIndex[] _indexes;

    public Terminology()
        : this([
            new(), CodeIndex.Of(CodeSystems.Icd10, CodeSystems.Icd10Cm, CodeSystems.Snomed),
            CodeIndex.Of(CodeSystems.Atc, CodeSystems.RxNorm, CodeSystems.Snomed), CodeIndex.Of(CodeSystems.Snomed)])
    {
    }

    private Terminology(CodeIndex[] indexes) => _indexes = indexes;

    public CodeIndex Laboratory => _indexes[(int)Domain.Laboratory];

    public CodeIndex Conditions => _indexes[(int)Domain.Conditions];

    public CodeIndex Medicines => _indexes[(int)Domain.Medicines];

    public CodeIndex Answers => _indexes[(int)Domain.Answers];

    public NameStems Stems { get; init; } = new();

    /// <summary>The codes of each value set as listed, for searching.</summary>
    public Dictionary<string, List<CodeOf>> Listed { get; init; } = new(StringComparer.Ordinal);

    /// <summary>How long the doses of magnesium and each absorption partner are kept apart, in hours.</summary>
    public SortedList<MedicineSets, (decimal Low, decimal High)> SeparateBy { get; init; } = [];

    public required UnitTable MagnesiumUnits { get; init; }

    public required UnitTable EgfrUnits { get; init; }

    /// <summary>Which questions of the manifestations questionnaire a condition's code suggests, one bit per question (SYM-1).</summary>
    public CodeIndex Prefill { get; private init; } = CodeIndex.Of(CodeSystems.Icd10, CodeSystems.Icd10Cm, CodeSystems.Snomed);

    public CodeIndex this[Domain domain] => _indexes[(int)domain];

    /// <summary>The names of all value sets that rules ask for.</summary>
    public static IEnumerable<string> Names => ValueSets.Keys;

    /// <summary>The domain and the bits of a value set; null when no rule asks for it.</summary>
    public static (Domain Domain, uint Sets)? Find(string valueSet) => ValueSets.TryGetValue(valueSet, out var found) ? found : null;

    /// <summary>The name of the value set of a medicine set.</summary>
    public static string NameOf(MedicineSets sets) => MedicineSetNames.TryGetValue(sets, out var name) ? name : Kebab(sets.ToString());

    private static readonly Dictionary<MedicineSets, string> MedicineSetNames = Enum.GetValues<MedicineSets>().Distinct().ToDictionary(sets => sets, sets => Kebab(sets.ToString()));

    /// <summary>The same terminology with one more code in a value set.</summary>
    public Terminology With(string valueSet, string system, string code)
    {
        var (domain, sets) = ValueSets[valueSet];
        CodeIndex[] indexes = [.. _indexes];
        indexes[(int)domain] = indexes[(int)domain].Copy();
        indexes[(int)domain].Add(system, code, domain == Domain.Conditions ? (uint)Implied((ConditionSets)sets) : sets);
        var listed = new Dictionary<string, List<CodeOf>>(Listed, StringComparer.Ordinal);
        listed[valueSet] = [.. Listed.GetValueOrDefault(valueSet, []), new(system, code)];
        return new(indexes) { Listed = listed, Stems = Stems, SeparateBy = SeparateBy, MagnesiumUnits = MagnesiumUnits, EgfrUnits = EgfrUnits, Prefill = Prefill };
    }

    /// <summary>The same terminology in which a condition's sets are the questions that it suggests.</summary>
    public Terminology OfPrefill()
    {
        CodeIndex[] indexes = [.. _indexes];
        indexes[(int)Domain.Conditions] = Prefill;
        return new(indexes) { MagnesiumUnits = MagnesiumUnits, EgfrUnits = EgfrUnits };
    }

    // A hospital's own code for a form of migraine is one for migraine, without being listed twice.
    private static ConditionSets Implied(ConditionSets sets)
    {
        sets |= sets.HasFlag(ConditionSets.MigraineAuraStatus) ? ConditionSets.MigraineWithAura : sets;
        const ConditionSets Forms = ConditionSets.MigraineWithAura | ConditionSets.MigraineWithoutAura | ConditionSets.MigraineChronic | ConditionSets.StatusMigrainosus;
        return (sets & Forms) != 0 ? sets | ConditionSets.Migraine : sets;
    }

    /// <summary>Lets another uri stand for a code system.</summary>
    public void Alias(string uri, string system)
    {
        Conditions.Alias(uri, system);
        Answers.Alias(uri, system);
        Prefill.Alias(uri, system);
    }

    private static Dictionary<string, (Domain Domain, uint Sets)> Domains()
    {
        var sets = new Dictionary<string, (Domain Domain, uint Sets)>(StringComparer.Ordinal);
        Add(Domain.Laboratory, Enum.GetValues<LaboratoryRow>(), value => value.Bit());
        Add(Domain.Conditions, Enum.GetValues<ConditionSets>(), value => (uint)value);
        Add(Domain.Medicines, Enum.GetValues<MedicineSets>().Except(Derived), value => (uint)value);
        Add(Domain.Answers, Enum.GetValues<AnswerSets>(), value => (uint)value);
        return sets;

        void Add<T>(Domain domain, IEnumerable<T> values, Func<T, uint> bits) where T : struct, Enum
        {
            foreach (var value in values.Where(value => bits(value) != 0))
            {
                sets[Kebab(value.ToString())] = (domain, bits(value));
            }
        }
    }

    private static string Kebab(string name) => string.Concat(
        name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
