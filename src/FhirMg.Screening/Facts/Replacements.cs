using System.Runtime.InteropServices;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Facts;

/// <summary>
/// Which of several resources with the same type and id counts: the newest by <c>meta.lastUpdated</c>, else the later by
/// file name and line. Only resources that bear on a rule take part. Also of a population that stands twice in the input, only a part is in memory.
/// </summary>
internal sealed class Replacements : IDisposable
{
    // Versions by the hash of their identity; then, by the lane of their patient, the places of those that do not count.
    private readonly FactStore? _found;
    private readonly HashSet<FactPlace> _replaced = [];

    private Replacements(FactStore? found) => _found = found;

    /// <summary>How many do not count.</summary>
    public long Count { get; private set; }

    /// <summary>Compares the versions of all resources that are in the input more than once.</summary>
    /// <param name="store">The facts; their identities are given back.</param>
    /// <param name="path">A file for what is too much for memory; made only where a resource is repeated, and left to the caller.</param>
    /// <param name="memory">Bytes of memory beyond which it is used.</param>
    /// <param name="threads">How many look for what is repeated.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="IOException">The disk is full or cannot be read.</exception>
    public static Replacements Find(FactStore store, string path, long memory, int threads, CancellationToken cancellation)
    {
        if (RepeatedIdentities.Find(store, threads, cancellation) is not { } repeated)
        {
            return new(null);
        }

        var replacements = new Replacements(new(path, 1, [], memory));
        try
        {
            replacements.Collect(store, repeated, memory, cancellation);
            replacements.Compare(memory, cancellation);
            return replacements;
        }
        catch
        {
            replacements.Dispose();
            throw;
        }
    }

    /// <summary>The places in a lane of those that do not count, until those of another lane are asked for; each lane once.</summary>
    public HashSet<FactPlace> In(int lane)
    {
        _replaced.Clear();
        if (_found is null)
        {
            return _replaced;
        }

        var loaded = _found.Load(lane, release: true);
        var walk = new RecordWalk(loaded.Span);
        while (walk.Next())
        {
            _replaced.Add(MemoryMarshal.Read<FactPlace>(walk.Record));
        }

        loaded.GiveBack();
        return _replaced;
    }

    public void Dispose() => _found?.Dispose();

    private void Collect(FactStore store, RepeatedIdentities repeated, long memory, CancellationToken cancellation)
    {
        for (var lane = 0; lane <= Lanes.Loose; lane++)
        {
            cancellation.ThrowIfCancellationRequested();
            var loaded = store.Load(lane, release: false);
            var walk = new RecordWalk(loaded.Span);
            while (walk.Next())
            {
                var identity = PatientAssembler.Identity(walk.Record);
                if (identity.HasId && repeated.MayContain(identity.Hash))
                {
                    Put(Lanes.OfIdentity(identity.Hash), new Version(identity.Hash, identity.SecondHash, identity.LastUpdated ?? Version.Unsaid, identity.Place, lane), memory);
                }
            }

            loaded.GiveBack();
        }
    }

    private void Compare(long memory, CancellationToken cancellation)
    {
        var versions = new List<Version>();
        for (var i = 0; i < Lanes.Identities; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            versions.Clear();
            var loaded = _found!.Load(Lanes.Identity(i), release: true);
            var walk = new RecordWalk(loaded.Span);
            while (walk.Next())
            {
                versions.Add(MemoryMarshal.Read<Version>(walk.Record));
            }

            loaded.GiveBack();
            versions.Sort();
            for (var at = 0; at < versions.Count;)
            {
                var newest = versions[at++];
                for (; at < versions.Count && versions[at].IsOfSameAs(newest); at++)
                {
                    var isOlder = versions[at].IsOlderThan(newest);
                    var older = isOlder ? versions[at] : newest;
                    newest = isOlder ? newest : versions[at];
                    Put(older.Lane, older.Place, memory);
                    Count++;
                }
            }
        }
    }

    private void Put<T>(int lane, in T what, long memory)
        where T : unmanaged
    {
        _found!.Writer(0).Append(lane, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in what)));
        if (_found.InMemory > memory)
        {
            _found.Spill();
        }
    }

    private readonly record struct Version(ulong Hash, ulong SecondHash, long LastUpdated, FactPlace Place, int Lane) : IComparable<Version>
    {
        /// <summary>In place of ticks where it is not said, or not readable.</summary>
        public const long Unsaid = long.MinValue;

        public bool IsOfSameAs(in Version other) => Hash == other.Hash && SecondHash == other.SecondHash;

        public bool IsOlderThan(in Version other) => LastUpdated != Unsaid && other.LastUpdated != Unsaid && LastUpdated < other.LastUpdated;

        public int CompareTo(Version other)
        {
            var order = Hash.CompareTo(other.Hash);
            order = order != 0 ? order : SecondHash.CompareTo(other.SecondHash);
            return order != 0 ? order : Place.CompareTo(other.Place);
        }
    }
}
