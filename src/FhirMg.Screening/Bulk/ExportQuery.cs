using System.Globalization;
using FhirMg.Fhir.Capability;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening.Bulk;

/// <summary>What an export is asked for: the types and filters that the knowledge's data requirements need.</summary>
internal sealed record ExportQuery
{
    private const string DayFormat = "yyyy-MM-dd";

    // From the one whose loss costs only volume to the one whose loss costs the most time.
    private static readonly string[] Droppable = ["_typeFilter", "_outputFormat", "_type", "_since"];

    public required IReadOnlyList<string> Types { get; init; }

    public required IReadOnlyList<string> TypeFilters { get; init; }

    public required DateTimeOffset? Since { get; init; }

    /// <summary>Kinds of data that the server, or what is granted to us, does not offer.</summary>
    public required DataKinds NotOffered { get; init; }

    /// <summary>Parameters that the server refused.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>Plans the query.</summary>
    public static ExportQuery For(ExportOptions options, ServerCapability capability)
    {
        var wanted = options.Knowledge.Requirements.Select(requirement => requirement.Type).Append("Patient").Distinct(StringComparer.Ordinal).ToList();

        // A server that lists no type at all says nothing about its exports.
        var listsTypes = wanted.Exists(type => capability[type].Interactions.Count > 0);
        var offered = wanted.Where(type => !listsTypes || type == "Patient" || capability[type].Can("read") || capability[type].Can("search-type")).ToList();
        return new()
        {
            Types = [.. offered.Append("Medication").Order(StringComparer.Ordinal)],
            TypeFilters = [.. offered.SelectMany(type => Filters(type, options))],
            Since = options.Since,
            NotOffered = wanted.Except(offered).Concat(offered.Where(type => capability[type].IsPartial)).Aggregate(DataKinds.None, (all, type) => all | KindOf(type)),
        };
    }

    /// <summary>The url of a kick-off, relative to the FHIR base.</summary>
    public string Url(string operation)
    {
        var parameters = new List<string>();
        Add("_outputFormat", "application/fhir+ndjson");
        Add("_type", string.Join(',', Types));
        foreach (var filter in TypeFilters)
        {
            Add("_typeFilter", filter);
        }

        if (Since is { } since)
        {
            Add("_since", since.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        }

        return parameters.Count == 0 ? operation : $"{operation}?{string.Join('&', parameters)}";

        void Add(string name, string value)
        {
            if (!Dropped.Contains(name))
            {
                parameters.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
    }

    /// <summary>The same with one parameter less; null when none is left to leave out.</summary>
    public ExportQuery? Simpler() =>
        Droppable.FirstOrDefault(name => !Dropped.Contains(name) && (name != "_since" || Since is not null)) is { } next ? this with { Dropped = [.. Dropped, next] } : null;

    /// <summary>What the loss of a parameter means.</summary>
    public static string Loss(string parameter) => parameter switch
    {
        "_typeFilter" => "it exports more than is needed, which is left out here",
        "_type" => "it exports every type of resource, and those that no rule asks for are left out here",
        "_since" => "it exports everything, and not only what changed",
        _ => "its own format is taken, which must be NDJSON",
    };

    public static DataKinds KindOf(string type) => type switch
    {
        "Observation" => DataKinds.Observations,
        "Condition" => DataKinds.Conditions,
        "Encounter" => DataKinds.Encounters,
        "AllergyIntolerance" => DataKinds.Allergies,
        "QuestionnaireResponse" => DataKinds.Questionnaires,
        "MedicationRequest" or "MedicationStatement" or "MedicationAdministration" => DataKinds.Medicines,
        _ => DataKinds.None,
    };

    // A filter by status would hide from an export of changes that a status has changed, so those ask by code alone.
    private static IEnumerable<string> Filters(string type, ExportOptions options)
    {
        var isWhole = options.Since is null;
        switch (type)
        {
            case "Observation":
                var codes = options.Knowledge.Requirements.Where(requirement => requirement is { Type: "Observation", ValueSet: not null })
                    .SelectMany(requirement => options.Knowledge.CodesOf(requirement.ValueSet!)).Distinct().Select(code => $"{code.System}|{code.Value}").ToList();
                return codes.Count == 0 ? [] : [$"Observation?code={string.Join(',', codes)}"];
            case "Encounter" when isWhole:
                return ["Encounter?status=in-progress"];
            case "MedicationRequest" when isWhole:
                return ["MedicationRequest?status=active"];
            case "MedicationStatement" when isWhole:
                return ["MedicationStatement?status=active,intended"];
            case "MedicationAdministration" when isWhole:
                var since = (options.AsOf - options.Knowledge.Thresholds.AdministrationWindow - TimeSpan.FromDays(1)).UtcDateTime.ToString(DayFormat, CultureInfo.InvariantCulture);
                return ["MedicationAdministration?status=in-progress", $"MedicationAdministration?status=completed,stopped&effective-time=ge{since}"];
            default:
                return [];
        }
    }
}
