using System.Text.Json.Nodes;
using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Writing;

/// <summary>Reads what of ours a server holds about a patient, and what others have made of it.</summary>
internal sealed class OursReader(ServerCalls calls, ServerCapability capability, Knowledge knowledge)
{
    private readonly OursParser _parser = new(knowledge.CanonicalBase);

    /// <summary>Everything of ours about the patient.</summary>
    /// <param name="patient">The patient, as <c>Patient/id</c>.</param>
    /// <param name="known">Resources that a search may not see yet, or not in their newest version: read by id.</param>
    /// <param name="refused">Takes the types that the server does not let us look for.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FhirServerException">A part could not be read, so nothing can be said.</exception>
    public async Task<List<OursOnServer>> ReadAsync(string patient, IEnumerable<string> known, IDictionary<string, string> refused, CancellationToken cancellationToken)
    {
        var types = WrittenTypes.OfPatient.Where(type => Abilities.PatientParameter(capability[type]) is not null).ToList();
        var found = await Task.WhenAll(types.Select(type => calls.SearchAsync(type, Searches(type, patient), cancellationToken))).ConfigureAwait(false);
        foreach (var (type, _) in types.Zip(found).Where(pair => pair.Second is null))
        {
            refused[type] = $"the server does not let us look for a {type}";
        }

        var all = found.SelectMany(resources => resources ?? []).Where(resource => OursParser.Subject(resource) == patient).ToList();
        foreach (var reference in known)
        {
            all.RemoveAll(resource => $"{resource.Text("resourceType")}/{resource.Text("id")}" == reference);
            if (await calls.ReadAsync(reference, cancellationToken).ConfigureAwait(false) is { } resource)
            {
                all.Add(resource);
            }
        }

        var ours = all.Select(_parser.Parse).OfType<OursOnServer>().ToList();
        var basedOn = await BasedOnAsync(ours, all, patient, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < ours.Count; i++)
        {
            ours[i] = await LookAtAsync(ours[i] with { IsBasedOn = basedOn.Contains(ours[i].Reference) }, cancellationToken).ConfigureAwait(false);
        }

        return ours;
    }

    /// <summary>Those of ours with the same key as what was just written; a Provenance names no patient, so it is only found so.</summary>
    /// <exception cref="FhirServerException">They could not be read.</exception>
    public async Task<List<OursOnServer>> FindAsync(string type, IReadOnlyCollection<string> identifiers, IEnumerable<string> targets, CancellationToken cancellationToken)
    {
        var names = _parser.Names;
        var system = type == "Provenance" || !WrittenTypes.IsProposal(type) ? names.AssessmentSystem : names.ProposalSystem;
        var search = Abilities.KeyParameter(type, capability[type]) is { } parameter
            ? $"{type}?{parameter}={Uri.EscapeDataString(string.Join(',', identifiers.Select(identifier => $"{system}|{identifier}")))}"
            : type == "Provenance" && targets.FirstOrDefault() is { } target ? $"{type}?target={Uri.EscapeDataString(target)}"
            : null;
        var found = search is null ? null : await calls.SearchAsync(type, [search], cancellationToken).ConfigureAwait(false);
        var ours = (found ?? []).Select(_parser.Parse).OfType<OursOnServer>().Where(one => identifiers.Contains(one.Identifier));
        return [.. await Task.WhenAll(ours.Select(one => LookAtAsync(one, cancellationToken))).ConfigureAwait(false)];
    }

    /// <summary>One of ours, in its newest version; null when it is not there any more.</summary>
    /// <exception cref="FhirServerException">It could not be read.</exception>
    public async Task<OursOnServer?> ReadAsync(string reference, CancellationToken cancellationToken) =>
        await calls.ReadAsync(reference, cancellationToken).ConfigureAwait(false) is { } resource && _parser.Parse(resource) is { } one
            ? await LookAtAsync(one, cancellationToken).ConfigureAwait(false)
            : null;

    // R4 cannot search medication requests by what they are based on, so all of them are looked through at once.
    private List<string> Searches(string type, string patient)
    {
        var search = $"{type}?{Abilities.PatientParameter(capability[type])}={Uri.EscapeDataString(patient)}";
        var tag = Uri.EscapeDataString($"{_parser.Names.CodeSystem}|generated");
        return capability[type].CanSearchBy("_tag") && type != "MedicationRequest" ? [$"{search}&_tag={tag}", search] : [search];
    }

    private async Task<HashSet<string>> BasedOnAsync(List<OursOnServer> ours, List<JsonObject> all, string patient, CancellationToken cancellationToken)
    {
        var others = all.Where(resource => _parser.Parse(resource) is null).ToList();
        foreach (var type in WrittenTypes.BasedUpon.Where(type => type != "MedicationRequest" && capability[type].CanSearchBy("_tag")))
        {
            var open = ours.Where(one => one.Type == type && one.Standing == Standing.Ours).Select(one => one.Reference).ToList();
            if (open.Count > 0)
            {
                var search = capability[type].CanSearchBy("based-on")
                    ? $"{type}?based-on={Uri.EscapeDataString(string.Join(',', open))}"
                    : $"{type}?{Abilities.PatientParameter(capability[type])}={Uri.EscapeDataString(patient)}";
                others.AddRange(await calls.SearchAsync(type, [search], cancellationToken).ConfigureAwait(false) ?? []);
            }
        }

        return
        [
            .. others.Where(resource => resource.Text("status") != "entered-in-error").SelectMany(resource => resource.Items("basedOn"))
                .Select(reference => WrittenTypes.LastTwo(reference.Text("reference"))).OfType<string>(),
        ];
    }

    // A server that gives content back in other words is known by having only the version that we wrote.
    private async Task<OursOnServer> LookAtAsync(OursOnServer one, CancellationToken cancellationToken) =>
        one is { AsWritten: false, Status: "draft" or "final" or "preliminary", Json: { } json } && (Fingerprint.In(json, _parser.Names) is not null || Seal.In(json, _parser.Names) is not null) && capability[one.Type].Can("history-instance")
            ? one with { AsWritten = await calls.VersionsAsync(one.Reference, cancellationToken).ConfigureAwait(false) == 1 }
            : one;
}
