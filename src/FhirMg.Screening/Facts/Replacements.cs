using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Facts;

/// <summary>
/// Finds which of several resources with the same type and id counts: the newest by <c>meta.lastUpdated</c>, else the later by
/// file name and line. Only resources that bear on a rule take part.
/// </summary>
internal static class Replacements
{
    /// <summary>The places of those that do not count.</summary>
    public static HashSet<FactPlace> Find(FactStore store, int threads, CancellationToken cancellation)
    {
        var repeated = Repeated(store, threads, cancellation);
        var replaced = new HashSet<FactPlace>();
        if (repeated.Count == 0)
        {
            return replaced;
        }

        var versions = new List<Version>();
        for (var lane = 0; lane <= Lanes.Loose; lane++)
        {
            cancellation.ThrowIfCancellationRequested();
            var walk = new RecordWalk(store.Load(lane, release: false));
            while (walk.Next())
            {
                var identity = PatientAssembler.Identity(walk.Record);
                if (identity.HasId && repeated.Contains(identity.Hash))
                {
                    versions.Add(new((identity.Hash, identity.SecondHash), identity.Place, identity.LastUpdated));
                }
            }
        }

        versions.Sort((left, right) => left.Identity.CompareTo(right.Identity) is var order and not 0 ? order : left.Place.CompareTo(right.Place));
        for (var i = 0; i < versions.Count;)
        {
            var newest = versions[i++];
            for (; i < versions.Count && versions[i].Identity == newest.Identity; i++)
            {
                var isOlder = versions[i].LastUpdated < newest.LastUpdated;
                replaced.Add(isOlder ? versions[i].Place : newest.Place);
                newest = isOlder ? newest : versions[i];
            }
        }

        return replaced;
    }

    private static HashSet<ulong> Repeated(FactStore store, int threads, CancellationToken cancellation)
    {
        var repeated = new HashSet<ulong>();
        try
        {
            Parallel.For(0, Lanes.Identities, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i => AddRepeated(store.Load(Lanes.Identity(i), release: true), repeated));
        }
        catch (AggregateException e)
        {
            // What failed, as it would be without threads: the first of them is said to the user.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return repeated;
    }

    private static void AddRepeated(Span<byte> lane, HashSet<ulong> repeated)
    {
        var hashes = MemoryMarshal.Cast<byte, ulong>(lane);
        hashes.Sort();
        for (var at = 1; at < hashes.Length; at++)
        {
            if (hashes[at] == hashes[at - 1])
            {
                lock (repeated)
                {
                    repeated.Add(hashes[at]);
                }
            }
        }
    }

    private readonly record struct Version((ulong, ulong) Identity, FactPlace Place, long? LastUpdated);
}
