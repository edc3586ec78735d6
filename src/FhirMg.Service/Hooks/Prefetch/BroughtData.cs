using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Hooks.Discovery;
using FhirMg.Service.Hooks.Requests;

namespace FhirMg.Service.Hooks.Prefetch;

/// <summary>What a caller brought of a patient's data, and what is still missing of what a service needs.</summary>
internal sealed class BroughtData
{
    private const string Administrations = "MedicationAdministration";
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly List<BegunSearch> _begun = [];

    private BroughtData(Knowledge knowledge) => Pages = new(knowledge);

    /// <summary>What was brought.</summary>
    public SearchPages Pages { get; }

    /// <summary>The same as one document.</summary>
    public Document Document { get; private set; } = null!;

    /// <summary>Types that were not brought: absent, an OperationOutcome in their place, another FHIR version, or somebody else's.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>Searches that were brought without their last page.</summary>
    public IReadOnlyList<BegunSearch> Begun => _begun;

    /// <summary>Whether all of it is there.</summary>
    public bool IsComplete => _missing.Count == 0 && _begun.Count == 0;

    /// <summary>Whether nothing is missing but administrations of medicines.</summary>
    public bool LacksAdministrationsOnly => _begun.Count == 0 && _missing.Count == 1 && _missing.Contains(Administrations);

    /// <summary>The kinds of data that are not there whole.</summary>
    public DataKinds MissingKinds =>
        _missing.Concat(_begun.Select(search => search.Type)).Aggregate(DataKinds.None, (kinds, type) => kinds | PatientCompletion.KindOf(type));

    /// <summary>The id of the patient that the one brought was merged into; null when it was not, or none was brought.</summary>
    public static string? ReplacedBy(HookRequest request, ReadOnlyMemory<byte> body, IReadOnlyList<PrefetchTemplate> templates, FhirServerOptions server)
    {
        foreach (var template in templates)
        {
            // Few are merged: the link is looked for only where there may be one.
            if (template.Type == "Patient" && request.Prefetch.TryGetValue(template.Key, out var value) && value.Form == PrefetchedForm.Object
                && body.Span[value.Place].IndexOf("replaced-by"u8) >= 0)
            {
                return PatientLink.ReplacedBy(body[value.Place], server);
            }
        }

        return null;
    }

    /// <summary>Reads what a call brought.</summary>
    /// <param name="service">The service called.</param>
    /// <param name="request">The call.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="index">Made of them when the call was read.</param>
    /// <param name="templates">What may have been sent along.</param>
    /// <param name="knowledge">The knowledge to read with.</param>
    public static BroughtData Read(
        HookService service, HookRequest request, ReadOnlySpan<byte> body, JsonIndex index, IReadOnlyList<PrefetchTemplate> templates, Knowledge knowledge)
    {
        var brought = new BroughtData(knowledge);
        var reader = new JsonCursor(body, index);
        foreach (var template in templates)
        {
            if (template.IsNeededBy(service))
            {
                brought.Read(template, request, reader, index.Known);
            }
        }

        if (request.DraftOrders is { } drafts)
        {
            brought.Pages.AddDrafts(body[drafts], $"Patient/{request.PatientId}", "draftOrders");
        }

        brought.Document = brought.Pages.Document();
        brought.LookForOthers(request.PatientId, service);
        return brought;
    }

    /// <summary>The patient's record; null while the Patient is not there.</summary>
    public static PatientRecord? RecordOf(Document document, string patientId)
    {
        var name = $"Patient/{patientId}";
        foreach (var record in document.Patients)
        {
            if (record.IsInDocument && record.Name == name)
            {
                return record;
            }
        }

        return null;
    }

    private void Read(PrefetchTemplate template, HookRequest request, JsonCursor body, KnownResources? known)
    {
        if (!request.Prefetch.TryGetValue(template.Key, out var value) || value.Form == PrefetchedForm.Other)
        {
            _missing.Add(template.Type);
            return;
        }

        if (value.Form == PrefetchedForm.Null)
        {
            // By the specification null says that there is none. Of a Patient there is always one.
            if (template.Type == "Patient")
            {
                _missing.Add(template.Type);
            }

            return;
        }

        var page = Pages.Add(body.At(value.Mark), known, template.Key);
        if (page.Fault is not null || (page.Type != "Bundle" && page.Type != template.Type))
        {
            _missing.Add(template.Type);
        }
        else if (page.Next is { } next)
        {
            _begun.Add(new(template.Type, next));
        }
    }

    // Data of somebody else where the patient's belong: whoever mixes them up may have left some out, so that kind is not taken as brought.
    private void LookForOthers(string patientId, HookService service)
    {
        var name = $"Patient/{patientId}";
        var others = DataKinds.None;
        foreach (var record in Document.Patients)
        {
            others |= record.Name == name ? DataKinds.None : RecordedKinds.Of(record);
        }

        if (others != DataKinds.None)
        {
            _missing.UnionWith(Document.Knowledge.Requirements.Select(requirement => requirement.Type)
                .Where(type => (PatientCompletion.KindOf(type) & others & service.Needs) != 0));
        }
    }
}
