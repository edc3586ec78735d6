using System.Text.Json.Nodes;
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

    public required IReadOnlyList<Person> Patients { get; init; }

    public required IReadOnlyList<Person> Clinicians { get; init; }

    public required FaultSwitches Faults { get; init; }

    public required Connections Connections { get; init; }

    public required ServerAddress Address { get; init; }

    /// <summary>The chart that is open; null when none is. Its practitioner is set all the same.</summary>
    public ChartContext? Chart { get; init; }

    public string Clinician { get; init; } = People.FirstClinician;

    public JsonObject? Patient { get; init; }

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
        return new()
        {
            Texts = Texts.For(context),
            Patients = people.Patients(),
            Clinicians = people.Clinicians(),
            Faults = services.GetRequiredService<FaultState>().Switches,
            Connections = services.GetRequiredService<Connections>(),
            Address = address,
            Clinician = practitioner,
            Chart = known is null ? null : new(known.Id, practitioner, people.EncounterOf(known.Id)),
            Patient = known?.Content,
            Written = known is null ? [] : WrittenRow.Of(known.Id, store, services.GetRequiredService<SampleLoader>(), address),
        };
    }

    /// <summary>The address of the page with this chart.</summary>
    public string Url(string more = "", string? language = null) =>
        $"/?lang={language ?? Texts.Language}&clinician={Uri.EscapeDataString(Clinician)}{(Chart is null ? "" : $"&patient={Uri.EscapeDataString(Chart.Patient)}")}{more}";

    public string LaunchUrl(bool banner) => $"/ehr/launch?patient={Uri.EscapeDataString(Chart!.Patient)}&clinician={Uri.EscapeDataString(Clinician)}&banner={(banner ? "true" : "false")}";
}
