namespace FhirMg.Fhir.Writing;

/// <summary>The names that what we write is known by.</summary>
internal sealed class Names(string canonicalBase)
{
    public string AssessmentSystem => $"{canonicalBase}/identifier/assessment";

    public string ProposalSystem => $"{canonicalBase}/identifier/proposal";

    public string AnswersSystem => $"{canonicalBase}/identifier/answers";

    public string CodeSystem => $"{canonicalBase}/CodeSystem/fhirmg";

    public string Profiles => $"{canonicalBase}/StructureDefinition/";

    public string Rule => $"{Profiles}rule";

    public string Class => $"{Profiles}deficiency-status";

    public string Fingerprint => $"{Profiles}fingerprint";

    public string Withdrawal => $"{Profiles}withdrawal";

    public bool IsOurs(string? system) => system == AssessmentSystem || system == ProposalSystem;
}
