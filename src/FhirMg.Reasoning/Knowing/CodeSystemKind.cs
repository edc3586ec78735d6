namespace FhirMg.Reasoning.Knowing;

/// <summary>The code systems whose codes the rules know.</summary>
internal enum CodeSystemKind : byte
{
    /// <summary>No system is given.</summary>
    Absent,

    /// <summary>A system of somebody's own; matched only by additional codes.</summary>
    Other,
    Loinc,
    Snomed,
    Icd10,
    Icd10Cm,
    Atc,
    RxNorm,
    Ucum,
}

/// <summary>Code systems by their uri.</summary>
internal static class CodeSystems
{
    public const string Loinc = "http://loinc.org";
    public const string Snomed = "http://snomed.info/sct";
    public const string Icd10 = "http://hl7.org/fhir/sid/icd-10";
    public const string Icd10Cm = "http://hl7.org/fhir/sid/icd-10-cm";
    public const string Atc = "http://www.whocc.no/atc";
    public const string RxNorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
    public const string Ucum = "http://unitsofmeasure.org";

    /// <summary>Which of the known systems a uri names.</summary>
    public static CodeSystemKind Kind(string uri) => uri switch
    {
        "" => CodeSystemKind.Absent,
        Loinc => CodeSystemKind.Loinc,
        Snomed => CodeSystemKind.Snomed,
        Icd10 => CodeSystemKind.Icd10,
        Icd10Cm => CodeSystemKind.Icd10Cm,
        Atc => CodeSystemKind.Atc,
        RxNorm => CodeSystemKind.RxNorm,
        Ucum => CodeSystemKind.Ucum,
        _ => CodeSystemKind.Other,
    };

    /// <summary>Whether a code of the system stands for itself and all codes below it.</summary>
    public static bool IsHierarchical(this CodeSystemKind kind) =>
        kind is CodeSystemKind.Icd10 or CodeSystemKind.Icd10Cm or CodeSystemKind.Atc;
}
