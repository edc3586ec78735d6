using FhirMg.Reasoning.Extraction;

namespace FhirMg.Service.Hooks.Discovery;

/// <summary>One of the CDS services that are offered.</summary>
/// <param name="Id">Its id, and the last segment of its url.</param>
/// <param name="Hook">The hook that calls it.</param>
/// <param name="Needs">The kinds of data that its answer rests on, the Patient aside.</param>
internal sealed record HookService(string Id, string Hook, DataKinds Needs)
{
    private const string Prefix = "magnesium-migraine-";
    private const DataKinds Everything =
        DataKinds.Observations | DataKinds.Conditions | DataKinds.Medicines | DataKinds.Allergies | DataKinds.Encounters | DataKinds.Questionnaires;

    // Manifestations and the reasons of encounters decide what is proposed, not whether an order is safe.
    private const DataKinds Safety = DataKinds.Observations | DataKinds.Conditions | DataKinds.Medicines | DataKinds.Allergies;

    public static HookService PatientView { get; } = new($"{Prefix}patient-view", "patient-view", Everything);

    public static HookService OrderSelect { get; } = new($"{Prefix}order-select", "order-select", Safety);

    public static HookService OrderSign { get; } = new($"{Prefix}order-sign", "order-sign", Safety);

    public static HookService EncounterStart { get; } = new($"{Prefix}encounter-start", "encounter-start", Everything & ~DataKinds.Questionnaires);

    public static IReadOnlyList<HookService> All { get; } = [PatientView, OrderSelect, OrderSign, EncounterStart];

    /// <summary>Whether the clinician's draft orders are in the hook's context.</summary>
    public bool IsAboutOrders => this == OrderSelect || this == OrderSign;

    public static HookService? Find(string id) => All.FirstOrDefault(service => service.Id == id);
}
