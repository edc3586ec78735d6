namespace FhirMg.Simulators;

/// <summary>The servers FhirMg is likely to meet, as far as their documentation and users tell.</summary>
public static class Vendors
{
    /// <summary>System of the local codings of <see cref="CodeStyle.LocalFirst"/>; the code is <c>L-</c> and the standard one.</summary>
    public const string LocalSystem = "https://laboratory.example.org/codes";

    private static readonly string[] AllParameters = [.. SearchParameters.Names];
    private static readonly string[] ReadTypes =
    [
        "Patient", "Condition", "Observation", "MedicationRequest", "MedicationStatement", "MedicationAdministration", "Medication", "AllergyIntolerance",
        "Encounter", "DiagnosticReport", "QuestionnaireResponse", "Procedure", "Device", "ServiceRequest", "Practitioner", "Group",
    ];

    private static readonly string[] WrittenTypes = ["RiskAssessment", "DetectedIssue", "RequestGroup", "Provenance", "Task", "CommunicationRequest"];

    /// <summary>HAPI FHIR: does everything; <c>?_getpages=</c> links at the base, 409 on a version conflict, no total, racy conditional creates.</summary>
    public static VendorProfile Hapi { get; } = new("HAPI", "/fhir")
    {
        Types = Everything(),
        PageQuery = "_getpages={0}&_bundletype=searchset",
        PagesAtBase = true,
        Total = TotalStyle.Absent,
        Transactions = true,
        Includes = true,
        Everything = true,
        VersionConflict = 409,
        ConditionalRace = TimeSpan.FromMilliseconds(20),
    };

    /// <summary>Microsoft (Azure): <c>ct=</c> links, small pages, unknown parameters ignored with an OperationOutcome entry, 429 with <c>x-ms-retry-after-ms</c>, racy conditional creates.</summary>
    public static VendorProfile Microsoft { get; } = new("Microsoft", "")
    {
        Types = Everything(),
        PageQuery = "ct={0}",
        DefaultCount = 10,
        Total = TotalStyle.Absent,
        Unknown = UnknownParameters.IgnoredWithOutcome,
        Transactions = true,
        Includes = true,
        Everything = true,
        ThrottleEvery = 10,
        ConditionalRace = TimeSpan.FromMilliseconds(20),
    };

    /// <summary>Oracle Health (Cerner): no <c>Condition?code</c>, no RiskAssessment, MedicationRequest only <c>order|plan</c> + <c>active</c>, patient required, local codes first, no <c>search.mode</c>, errors without resourceType, empty create answers.</summary>
    public static VendorProfile Oracle { get; } = new("Oracle", "/r4/tenant")
    {
        Types = new Dictionary<string, TypeSupport>
        {
            ["Patient"] = new("_id", "identifier", "birthdate"),
            ["Condition"] = new("_id", "patient", "subject", "category", "clinical-status") { Write = true, Required = ["patient|subject|_id"] },
            ["Observation"] = new("_id", "patient", "subject", "code", "category", "date", "_lastUpdated") { Write = true, Required = ["patient|subject|_id"] },
            ["MedicationRequest"] = new("_id", "patient", "status", "intent", "_lastUpdated") { Write = true, Required = ["patient|_id"], CreateOnly = ["intent=order|plan", "status=active"] },
            ["MedicationAdministration"] = new("_id", "patient", "status") { Required = ["patient|_id"] },
            ["AllergyIntolerance"] = new("_id", "patient", "clinical-status") { Write = true, Required = ["patient|_id"] },
            ["Encounter"] = new("_id", "patient", "subject", "date", "status") { Required = ["patient|subject|_id"] },
            ["DiagnosticReport"] = new("_id", "patient", "code", "category", "date", "_lastUpdated") { Required = ["patient|_id"] },
            ["Procedure"] = new("_id", "patient", "date") { Required = ["patient|_id"] },
            ["QuestionnaireResponse"] = new("_id", "patient") { Required = ["patient|_id"] },
            ["ServiceRequest"] = new("_id", "patient") { Required = ["patient|_id"] },
        },
        PageQuery = "-pageContext={0}&-pageDirection=NEXT",
        Total = TotalStyle.Absent,
        SearchMode = false,
        Errors = ErrorStyle.WithoutResourceType,
        Codes = CodeStyle.LocalFirst,
        EmptyWriteAnswers = true,
    };

    /// <summary>Epic: read-only, Observation needs a category or code, unknown parameters ignored with an OperationOutcome entry, HTML errors of the web server in front, URLs over 2,048 characters refused, server-absolute links.</summary>
    public static VendorProfile Epic { get; } = new("Epic", "/interconnect/api/FHIR/R4")
    {
        Types = new Dictionary<string, TypeSupport>
        {
            ["Patient"] = new("_id", "identifier", "birthdate"),
            ["Condition"] = new("_id", "patient", "subject", "category", "clinical-status", "code") { Required = ["patient|subject|_id"] },
            ["Observation"] = new("_id", "patient", "subject", "code", "category", "date") { Required = ["patient|subject|_id", "category|code|_id"] },
            ["MedicationRequest"] = new("_id", "patient", "subject", "status", "intent", "category", "date") { Required = ["patient|subject|_id"] },
            ["Medication"] = new("_id"),
            ["AllergyIntolerance"] = new("_id", "patient", "clinical-status") { Required = ["patient|_id"] },
            ["Encounter"] = new("_id", "patient", "subject", "date", "status") { Required = ["patient|subject|_id"] },
            ["DiagnosticReport"] = new("_id", "patient", "subject", "code", "category", "date") { Required = ["patient|subject|_id"] },
            ["Procedure"] = new("_id", "patient", "subject", "category", "date") { Required = ["patient|subject|_id"] },
            ["QuestionnaireResponse"] = new("_id", "patient", "subject") { Required = ["patient|subject|_id"] },
            ["ServiceRequest"] = new("_id", "patient", "subject", "status") { Required = ["patient|subject|_id"] },
        },
        PageQuery = "sessionID={0}",
        Links = LinkStyle.ServerAbsolute,
        OutcomeEntries = true,
        Unknown = UnknownParameters.IgnoredWithOutcome,
        Errors = ErrorStyle.Html,
        MaxUrlLength = 2048,
    };

    /// <summary>AWS HealthLake: searches lag behind writes, conditional creates with them; <c>{"message"}</c> errors, relative links, no transactions.</summary>
    public static VendorProfile HealthLake { get; } = new("HealthLake", "/datastore/r4")
    {
        Types = Everything(),
        PageQuery = "page={0}",
        Links = LinkStyle.Relative,
        DefaultCount = 10,
        MaxCount = 100,
        Total = TotalStyle.OfPage,
        Errors = ErrorStyle.Message,
        Includes = true,
        SearchLag = TimeSpan.FromMilliseconds(400),
        Everything = true,
    };

    /// <summary>Medplum: <c>_cursor=</c> links, transactions with conditional creates of at most 8 entries, racy conditional creates.</summary>
    public static VendorProfile Medplum { get; } = new("Medplum", "/fhir/R4")
    {
        Types = Everything(),
        PageQuery = "_cursor={0}",
        Transactions = true,
        Includes = true,
        MaxConditionalTransaction = 8,
        Everything = true,
        ConditionalRace = TimeSpan.FromMilliseconds(20),
    };

    /// <summary>A gateway that only knows reads and <c>Patient/{id}/$everything</c>, and answers in plain text when something is wrong.</summary>
    public static VendorProfile EverythingOnly { get; } = new("EverythingOnly", "/gateway")
    {
        Types = ReadTypes.ToDictionary(t => t, _ => new TypeSupport()),
        Everything = true,
        EverythingOnly = true,
        Errors = ErrorStyle.Text,
    };

    /// <summary>All profiles, for tests that hold for each.</summary>
    public static IReadOnlyList<VendorProfile> All { get; } = [Hapi, Microsoft, Oracle, Epic, HealthLake, Medplum, EverythingOnly];

    private static Dictionary<string, TypeSupport> Everything() =>
        ReadTypes.Concat(WrittenTypes).ToDictionary(t => t, _ => new TypeSupport(AllParameters) { Write = true });
}
