using System.Text.Json.Nodes;
using FhirMg.Sandbox.Authorization;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Loading;

namespace FhirMg.Sandbox.Ehr;

/// <summary>What the EHR page shows.</summary>
internal sealed record EhrPage
{
    public static IReadOnlyList<string> Hooks { get; } = ["patient-view", "order-select", "order-sign", "encounter-start"];

    public static IReadOnlyList<int> Statuses { get; } = [401, 403, 404, 429, 500, 503];

    public required Texts Texts { get; init; }

    public required IReadOnlyList<PersonGroup> Patients { get; init; }

    public required IReadOnlyList<Person> Clinicians { get; init; }

    public required FaultSwitches Faults { get; init; }

    public required SmartSwitches Smart { get; init; }

    public required LaunchChoice Choice { get; init; }

    public required Connections Connections { get; init; }

    public required ServerAddress Address { get; init; }

    /// <summary>The chart that is open; null when none is. Its practitioner is set all the same.</summary>
    public ChartContext? Chart { get; init; }

    public string Clinician { get; init; } = People.FirstClinician;

    public JsonObject? Patient { get; init; }

    public ChartSummary? Summary { get; init; }

    public IReadOnlyList<Encounter> Encounters { get; init; } = [];

    public IReadOnlyList<WrittenRow> Written { get; init; } = [];

    public bool ShowsApp { get; init; }

    public string Hook { get; init; } = Hooks[0];

    public string DraftCode { get; init; } = Draft.All[0].Code;

    public bool Prefetch { get; init; } = true;

    public HookCall? Call { get; init; }

    /// <summary>The name of a text that says what was done; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>What went wrong, in the words of whatever failed; null when nothing did.</summary>
    public string? Failure { get; init; }

    public static EhrPage Of(HttpContext context, string? patient, string? clinician)
    {
        var services = context.RequestServices;
        var people = services.GetRequiredService<People>();
        var store = services.GetRequiredService<FhirStore>();
        var address = services.GetRequiredService<ServerAddress>();
        var practitioner = clinician is not null && store.Now.TryGet("Practitioner", clinician, out _) ? clinician : People.FirstClinician;
        var known = patient is not null && store.Now.TryGet("Patient", patient, out var found) ? found : null;
        var texts = Texts.For(context);
        var encounters = known is null ? [] : people.EncountersOf(known.Id);
        return new()
        {
            Texts = texts,
            Patients = people.Patients(texts),
            Clinicians = people.Clinicians(texts),
            Smart = services.GetRequiredService<SmartState>().Switches,
            Choice = LaunchChoice.Of(context),
            Encounters = encounters,
            Summary = known is null ? null : ChartSummary.Of(known.Id, store.Now, address),
            Faults = services.GetRequiredService<FaultState>().Switches,
            Connections = services.GetRequiredService<Connections>(),
            Address = address,
            Clinician = practitioner,
            Chart = known is null ? null : new(known.Id, practitioner, encounters.FirstOrDefault(one => one.IsInProgress)?.Id),
            Patient = known?.Content,
            Written = known is null ? [] : WrittenRow.Of(known.Id, store, services.GetRequiredService<SampleLoader>(), address),
        };
    }

    /// <summary>The address of the page with this chart.</summary>
    public string Url(string more = "", string? language = null) =>
        $"/?lang={language ?? Texts.Language}&clinician={Uri.EscapeDataString(Clinician)}{(Chart is null ? "" : $"&patient={Uri.EscapeDataString(Chart.Patient)}")}{more}";

    /// <summary>The address that launches the app in this chart.</summary>
    /// <param name="framed">Whether it is for the frame of this page.</param>
    /// <param name="appContext">What a card's link has for the app; null for nothing.</param>
    public string LaunchUrl(bool framed, string? appContext = null) =>
        $"/ehr/launch?patient={Uri.EscapeDataString(Chart!.Patient)}&clinician={Uri.EscapeDataString(Clinician)}{Choice.Query(framed)}{(appContext is null ? "" : $"&appContext={Uri.EscapeDataString(appContext)}")}";
}
