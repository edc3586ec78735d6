using Hl7.Fhir.Model;

namespace FhirMg.Reasoning.Proposing;

/// <summary>Where a resource went: its place among what was concluded, and what others refer to; null when nothing of it is there.</summary>
internal readonly record struct Placed(bool Counts, string? Url);

/// <summary>Gathers the entries of a transaction, each resource placed among what is already there.</summary>
internal sealed class PlacedEntries(RequestResources requests, Func<DomainResource, Placement> place)
{
    private readonly List<string> _identities = [];

    public List<Bundle.EntryComponent> Entries { get; } = [];

    /// <summary>What the entries so far, and what is there already in their stead, are referred to by.</summary>
    public List<string> Targets { get; } = [];

    public Placed Add(DomainResource resource, bool mayBeNew = true)
    {
        var placement = place(resource);
        var identifier = ((IIdentifiable<List<Identifier>>)resource).Identifier[0];
        identifier.Value = ProposalBundle.Again(identifier.Value!, placement.Generation);
        if (placement.IsSilenced)
        {
            return default;
        }

        var identity = Digest.Uuid(Digest.Of([resource.TypeName, identifier.Value]));
        _identities.Add(identity);
        if (placement.IsOmitted || (placement.Held is null && !mayBeNew))
        {
            return new(Counts: true, Url: null);
        }

        if (placement.Held is null)
        {
            if (placement.Replaces is { } replaced)
            {
                requests.Replace(resource, replaced);
            }

            Create(identity, resource, $"identifier={Uri.EscapeDataString($"{identifier.System}|{identifier.Value}")}");
        }

        Targets.Add(placement.Held ?? identity);
        return new(Counts: true, placement.Held ?? identity);
    }

    /// <summary>Adds the Provenance of everything concluded, whatever has become of it since.</summary>
    public void AddProvenance(Func<string, Provenance> compose, string system)
    {
        var digest = Digest.Of(_identities);
        var provenance = compose(digest);
        if (Targets.Count > 0 && place(provenance) is { Held: null, IsOmitted: false })
        {
            Create(Digest.Uuid(digest), provenance, $"_tag={Uri.EscapeDataString($"{system}|{digest}")}");
        }
    }

    private void Create(string url, DomainResource resource, string ifNoneExist) => Entries.Add(new()
    {
        FullUrl = url,
        Resource = resource,
        Request = new() { Method = Bundle.HTTPVerb.POST, Url = resource.TypeName, IfNoneExist = ifNoneExist },
    });
}
