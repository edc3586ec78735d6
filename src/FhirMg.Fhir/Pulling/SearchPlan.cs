using FhirMg.Fhir.Capability;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Pulling;

/// <summary>The searches that bring in what the rules ask for about a patient, as far as the server offers them.</summary>
internal sealed class SearchPlan
{
    private const int LongestCodeList = 1500;
    private const string Count = "_count=200";
    private readonly ServerCapability _capability;
    private readonly string _patient;
    private readonly List<PlannedSearch> _searches = [];

    private SearchPlan(ServerCapability capability, string patient) => (_capability, _patient) = (capability, Uri.EscapeDataString(patient));

    /// <summary>The searches, independent of each other.</summary>
    public IReadOnlyList<PlannedSearch> Searches => _searches;

    /// <summary>Kinds of data that the server does not offer.</summary>
    public DataKinds NotOffered { get; private set; }

    /// <summary>Plans the searches.</summary>
    /// <param name="knowledge">Says what is asked for, with the server's own codes among its value sets.</param>
    /// <param name="capability">Says what the server offers.</param>
    /// <param name="patient">The patient's id.</param>
    /// <param name="asOf">The time to look at.</param>
    /// <param name="types">The types that are asked for; null for all that rules ask for.</param>
    public static SearchPlan For(Knowledge knowledge, ServerCapability capability, string patient, DateTimeOffset asOf, IReadOnlyCollection<string>? types = null)
    {
        var plan = new SearchPlan(capability, patient);
        if (capability.Everything && !capability["Observation"].Can("search-type"))
        {
            plan._searches.Add(new("Patient", DataKinds.Observations, [$"Patient/{plan._patient}/$everything?{Count}"]));
            return plan;
        }

        foreach (var type in knowledge.Requirements.Select(requirement => requirement.Type).Where(type => type != "Patient" && types?.Contains(type) != false).Distinct())
        {
            plan.Add(type, knowledge, asOf);
        }

        return plan;
    }

    private void Add(string type, Knowledge knowledge, DateTimeOffset asOf)
    {
        var kind = Kind(type);
        if (!_capability[type].Can("search-type"))
        {
            NotOffered |= kind;
            return;
        }

        NotOffered |= _capability[type].IsPartial ? kind : DataKinds.None;

        switch (type)
        {
            case "Observation":
                AddObservations(knowledge, kind);
                break;
            case "Encounter":
                Add(type, kind, "&status=in-progress");
                break;
            case "MedicationRequest":
                Add(type, kind, "&status=active&_include=MedicationRequest:medication", "&status=active");
                break;
            case "MedicationStatement":
                Add(type, kind, "&status=active,intended&_include=MedicationStatement:medication", "&status=active,intended");
                break;
            case "MedicationAdministration":
                // One in progress lasts until now whenever it began; of the others only the last hours matter, with a day to spare for zones.
                var since = (asOf - knowledge.Thresholds.AdministrationWindow - TimeSpan.FromDays(1)).UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
                Add(type, kind, "&status=in-progress");
                Add(type, kind, $"&status=completed,stopped&effective-time=ge{since}");
                break;
            case "QuestionnaireResponse":
                Add(type, kind, $"&questionnaire={Uri.EscapeDataString(knowledge.QuestionnaireUrl)}");
                break;
            default:
                Add(type, kind);
                break;
        }
    }

    // Results without an effective time count by when they were issued, which no date search sees: so no date narrows this.
    private void AddObservations(Knowledge knowledge, DataKinds kind)
    {
        if (!_capability["Observation"].CanSearchBy("code"))
        {
            Add("Observation", kind, _capability["Observation"].CanSearchBy("category") ? "&category=laboratory" : "");
            Add("Observation", kind, _capability["Observation"].CanSearchBy("category") ? "&category=survey" : "");
            return;
        }

        // A hospital's own codes are asked for by themselves: some servers refuse systems that they do not know.
        var standard = Codes(Knowledge.BuiltIn).ToHashSet();
        foreach (var own in Codes(knowledge).Distinct().GroupBy(code => !standard.Contains(code)))
        {
            AddCodes(own, isOwn: own.Key, kind);
        }
    }

    private static IEnumerable<CodeOf> Codes(Knowledge knowledge) => knowledge.Requirements
        .Where(requirement => requirement is { Type: "Observation", ValueSet: not null }).SelectMany(requirement => knowledge.CodesOf(requirement.ValueSet!));

    // In parts, so that no url is longer than servers take.
    private void AddCodes(IEnumerable<CodeOf> codes, bool isOwn, DataKinds kind)
    {
        var list = new System.Text.StringBuilder();
        foreach (var code in codes.Select(code => Uri.EscapeDataString($"{code.System}|{code.Value}")))
        {
            if (list.Length > 0 && list.Length + code.Length > LongestCodeList)
            {
                AddCodes(list.ToString(), isOwn, kind);
                list.Clear();
            }

            list.Append(list.Length == 0 ? "" : ",").Append(code);
        }

        if (list.Length > 0)
        {
            AddCodes(list.ToString(), isOwn, kind);
        }
    }

    private void AddCodes(string codes, bool isOwn, DataKinds kind)
    {
        Add("Observation", kind, $"&code={codes}", "&category=laboratory");
        if (isOwn && _capability["Observation"].CanSearchBy("category"))
        {
            _searches[^1] = _searches[^1] with { GoesOnWhenEmpty = true };
        }
    }

    private void Add(string type, DataKinds kind, params IEnumerable<string> filters)
    {
        var by = !_capability[type].CanSearchBy("patient") && _capability[type].CanSearchBy("subject") ? $"subject=Patient/{_patient}" : $"patient={_patient}";
        var urls = filters.Append("").Distinct().Select(filter => $"{type}?{by}{filter}&{Count}").Append($"{type}?{by}").ToList();
        if (!_searches.Exists(search => search.Urls[0] == urls[0]))
        {
            _searches.Add(new(type, kind, urls));
        }
    }

    public static DataKinds Kind(string type) => type switch
    {
        "Observation" => DataKinds.Observations,
        "Condition" => DataKinds.Conditions,
        "Encounter" => DataKinds.Encounters,
        "AllergyIntolerance" => DataKinds.Allergies,
        "QuestionnaireResponse" => DataKinds.Questionnaires,
        _ => DataKinds.Medicines,
    };
}
