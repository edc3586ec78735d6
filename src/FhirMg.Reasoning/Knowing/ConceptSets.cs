namespace FhirMg.Reasoning.Knowing;

/// <summary>What an Observation is about: one row of the laboratory table.</summary>
internal enum LaboratoryRow : byte
{
    None, SerumMagnesium, WholeBloodMagnesium, ErythrocyteMagnesium, LeukocyteMagnesium, IonizedMagnesium, UrineMagnesium,
    Egfr, PregnancyStatus, TetanyTest, HeadacheBurden,
}

/// <summary>Rows as bits, so that codes of two rows in one Observation show.</summary>
internal static class LaboratoryRows
{
    public static uint Bit(this LaboratoryRow row) => row == LaboratoryRow.None ? 0 : 1u << (int)row;

    /// <summary>The one row of the bits; <see cref="LaboratoryRow.None"/> for none and for several.</summary>
    public static LaboratoryRow Single(uint bits) =>
        System.Numerics.BitOperations.IsPow2(bits) ? (LaboratoryRow)System.Numerics.BitOperations.TrailingZeroCount(bits) : LaboratoryRow.None;

    /// <summary>Whether the rules read the value as a magnesium concentration with its unit (IN-2 to IN-4).</summary>
    public static bool IsMagnesiumConcentration(this LaboratoryRow row) => row is LaboratoryRow.SerumMagnesium
        or LaboratoryRow.ErythrocyteMagnesium or LaboratoryRow.LeukocyteMagnesium or LaboratoryRow.IonizedMagnesium;
}

/// <summary>The value sets that a Condition's codes may lie in.</summary>
[Flags]
internal enum ConditionSets : uint
{
    None = 0,
    Migraine = 1 << 0,
    MigraineWithAura = 1 << 1,
    MigraineWithoutAura = 1 << 2,
    MigraineChronic = 1 << 3,
    StatusMigrainosus = 1 << 4,
    MigraineAuraStatus = 1 << 5,
    MagnesiumDeficiency = 1 << 6,
    Hypomagnesaemia = 1 << 7,
    MagnesiumMetabolismDisorder = 1 << 8,
    SevereRenalImpairment = 1 << 9,
    MyastheniaGravis = 1 << 10,
    AvBlock = 1 << 11,
    Pacemaker = 1 << 12,
    Pregnancy = 1 << 13,
    Breastfeeding = 1 << 14,
    AnxietyDepressionStress = 1 << 15,
}

/// <summary>The value sets that a medicine's codes or names may lie in.</summary>
[Flags]
internal enum MedicineSets : uint
{
    None = 0,
    MagnesiumOral = 1 << 0,
    MagnesiumInjection = 1 << 1,

    /// <summary>The ingredient without its form: oral, injection or both, as route and form say.</summary>
    MagnesiumOfUnknownForm = 1 << 2,
    Pyridoxine = 1 << 3,
    Valproate = 1 << 4,
    MigrainePreventives = 1 << 5,
    MagnesiumLowering = 1 << 6,
    Tetracyclines = 1 << 7,
    Fluoroquinolones = 1 << 8,
    Bisphosphonates = 1 << 9,
    Levothyroxine = 1 << 10,
    Penicillamine = 1 << 11,
    Mycophenolate = 1 << 12,
    OralIron = 1 << 13,
    Digoxin = 1 << 14,

    /// <summary>Magnesium by its name alone: oral, unless route or form is one of injection.</summary>
    MagnesiumByName = 1 << 15,

    AnyMagnesium = MagnesiumOral | MagnesiumInjection | MagnesiumOfUnknownForm | MagnesiumByName,
    AbsorptionPartners = Tetracyclines | Fluoroquinolones | Bisphosphonates | Levothyroxine | Penicillamine | Mycophenolate | OralIron | Digoxin,
}

/// <summary>The value sets that answers, interpretations, routes, forms and encounter classes may lie in.</summary>
[Flags]
internal enum AnswerSets : uint
{
    None = 0,
    PregnantAnswer = 1 << 0,
    TetanyPositive = 1 << 1,
    InterpretationLow = 1 << 2,
    InterpretationNormal = 1 << 3,
    InterpretationHigh = 1 << 4,
    InjectionRoute = 1 << 5,
    InjectionForm = 1 << 6,
    MigraineEncounterClass = 1 << 7,
    InpatientClass = 1 << 8,
}
