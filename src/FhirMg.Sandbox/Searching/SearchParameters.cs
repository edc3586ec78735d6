using System.Collections.Frozen;

namespace FhirMg.Sandbox.Searching;

/// <summary>The resource types that are kept, and how each can be searched.</summary>
internal static class SearchParameters
{
    private static readonly SearchParameter[] Common =
    [
        Token("_id", "id"), Date("_lastUpdated", "meta.lastUpdated"), Token("_tag", "meta.tag"), new("_profile", SearchKind.Uri, "meta.profile"), Token("identifier", "identifier"),
    ];

    private static readonly SearchParameter Patient = Reference("patient", "subject");
    private static readonly SearchParameter Subject = Reference("subject", "subject");
    private static readonly SearchParameter Status = Token("status", "status");
    private static readonly SearchParameter Intent = Token("intent", "intent");
    private static readonly SearchParameter Code = Token("code", "code");
    private static readonly SearchParameter Category = Token("category", "category");
    private static readonly SearchParameter Encounter = Reference("encounter", "encounter");
    private static readonly SearchParameter BasedOn = Reference("based-on", "basedOn");
    private static readonly SearchParameter Requester = Reference("requester", "requester");
    private static readonly SearchParameter MedicationCode = Token("code", "medicationCodeableConcept");
    private static readonly SearchParameter Medication = Reference("medication", "medicationReference");
    private static readonly SearchParameter ClinicalStatus = Token("clinical-status", "clinicalStatus");
    private static readonly SearchParameter VerificationStatus = Token("verification-status", "verificationStatus");
    private static readonly SearchParameter[] PersonName = [Text("name", "name"), Text("family", "name.family"), Text("given", "name.given")];

    private static readonly FrozenDictionary<string, FrozenDictionary<string, SearchParameter>> Types = new Dictionary<string, SearchParameter[]>(StringComparer.Ordinal)
    {
        ["AllergyIntolerance"] = [Reference("patient", "patient"), ClinicalStatus, VerificationStatus, Token("code", "code", "reaction.substance"), Category, Token("type", "type"), Date("date", "recordedDate")],
        ["CarePlan"] = [Patient, Subject, Status, Intent, Category, Encounter, Date("date", "period")],
        ["Claim"] = [Reference("patient", "patient"), Status, Date("created", "created")],
        ["CommunicationRequest"] = [Patient, Subject, Status, Category, Encounter, BasedOn, Requester, Date("authored", "authoredOn")],
        ["Condition"] = [Patient, Subject, Code, Category, ClinicalStatus, VerificationStatus, Encounter, Date("onset-date", "onsetDateTime", "onsetPeriod"), Date("recorded-date", "recordedDate")],
        ["Coverage"] = [Reference("patient", "beneficiary"), Reference("beneficiary", "beneficiary"), Status],
        ["DetectedIssue"] = [Reference("patient", "patient"), Code, Date("identified", "identifiedDateTime", "identifiedPeriod"), Reference("implicated", "implicated"), Reference("author", "author")],
        ["Device"] = [Reference("patient", "patient"), Status, Token("type", "type")],
        ["DiagnosticReport"] = [Patient, Subject, Status, Code, Category, Encounter, BasedOn, Date("date", "effectiveDateTime", "effectivePeriod"), Date("issued", "issued"), Reference("result", "result")],
        ["DocumentReference"] = [Patient, Subject, Status, Category, Token("type", "type"), Date("date", "date")],
        ["Encounter"] = [Patient, Subject, Status, Token("class", "class"), Token("type", "type"), Token("reason-code", "reasonCode"), Date("date", "period")],
        ["Goal"] = [Patient, Subject, Token("lifecycle-status", "lifecycleStatus")],
        ["Group"] = [Token("type", "type"), Code, Reference("member", "member.entity"), Token("actual", "actual")],
        ["Immunization"] = [Reference("patient", "patient"), Status, Token("vaccine-code", "vaccineCode"), Date("date", "occurrenceDateTime")],
        ["Library"] = [new("url", SearchKind.Uri, "url"), Status, Token("version", "version")],
        ["Location"] = [Text("name", "name"), Status],
        ["Medication"] = [Code, Status],
        ["MedicationAdministration"] = [Patient, Subject, Status, MedicationCode, Medication, Reference("context", "context"), Date("effective-time", "effectiveDateTime", "effectivePeriod")],
        ["MedicationDispense"] = [Patient, Subject, Status, MedicationCode, Medication, Date("whenhandedover", "whenHandedOver")],
        ["MedicationRequest"] = [Patient, Subject, Status, Intent, MedicationCode, Medication, Category, Encounter, Requester, Token("priority", "priority"), Date("authoredon", "authoredOn")],
        ["MedicationStatement"] = [Patient, Subject, Status, MedicationCode, Medication, Category, Date("effective", "effectiveDateTime", "effectivePeriod")],
        ["Observation"] =
        [
            Patient, Subject, Status, Code, Category, Encounter, BasedOn, Token("component-code", "component.code"), Token("combo-code", "code", "component.code"),
            Token("value-concept", "valueCodeableConcept"), Date("date", "effectiveDateTime", "effectivePeriod", "effectiveInstant"), Reference("performer", "performer"), Reference("has-member", "hasMember"),
        ],
        ["Organization"] = [Text("name", "name"), Token("type", "type"), Token("active", "active")],
        ["Patient"] = [.. PersonName, Date("birthdate", "birthDate"), Token("gender", "gender"), Token("active", "active"), Reference("general-practitioner", "generalPractitioner")],
        ["PlanDefinition"] = [new("url", SearchKind.Uri, "url"), Status, Token("version", "version")],
        ["Practitioner"] = [.. PersonName, Token("active", "active")],
        ["PractitionerRole"] = [Reference("practitioner", "practitioner"), Reference("organization", "organization"), Token("role", "code")],
        ["Procedure"] = [Patient, Subject, Status, Code, Category, Encounter, BasedOn, Date("date", "performedDateTime", "performedPeriod")],
        ["Provenance"] = [Reference("target", "target"), Reference("patient", "target"), Reference("agent", "agent.who"), Date("recorded", "recorded")],
        ["Questionnaire"] = [new("url", SearchKind.Uri, "url"), Status, Token("version", "version")],
        ["QuestionnaireResponse"] = [Patient, Subject, Status, Encounter, BasedOn, new("questionnaire", SearchKind.Uri, "questionnaire"), Reference("author", "author"), Date("authored", "authored")],
        ["RequestGroup"] = [Patient, Subject, Status, Intent, Code, Encounter, Token("group-identifier", "groupIdentifier"), Date("authored", "authoredOn"), Reference("author", "author")],
        ["RiskAssessment"] = [Patient, Subject, Encounter, Reference("condition", "condition"), Reference("performer", "performer"), Token("method", "method"), Date("date", "occurrenceDateTime", "occurrencePeriod")],
        ["ServiceRequest"] = [Patient, Subject, Status, Intent, Code, Category, Encounter, BasedOn, Requester, Token("priority", "priority"), Date("authored", "authoredOn")],
        ["Task"] =
        [
            Reference("patient", "for"), Reference("subject", "for"), Status, Intent, Code, Encounter, BasedOn, Requester, Reference("focus", "focus"), Reference("owner", "owner"),
            Date("authored-on", "authoredOn"), Date("modified", "lastModified"),
        ],
    }.ToFrozenDictionary(pair => pair.Key, pair => Common.Concat(pair.Value).ToFrozenDictionary(parameter => parameter.Name, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The resource types, in the order of their names.</summary>
    public static IReadOnlyList<string> Kept { get; } = [.. Types.Keys.Order(StringComparer.Ordinal)];

    public static bool Keeps(string type) => Types.ContainsKey(type);

    /// <summary>The parameters of a type; empty when it is not kept.</summary>
    public static IReadOnlyDictionary<string, SearchParameter> Of(string type) =>
        Types.TryGetValue(type, out var parameters) ? parameters : FrozenDictionary<string, SearchParameter>.Empty;

    private static SearchParameter Token(string name, params string[] paths) => new(name, SearchKind.Token, paths);

    private static SearchParameter Reference(string name, params string[] paths) => new(name, SearchKind.Reference, paths);

    private static SearchParameter Date(string name, params string[] paths) => new(name, SearchKind.Date, paths);

    private static SearchParameter Text(string name, params string[] paths) => new(name, SearchKind.Text, paths);
}
