using System.Numerics;
using System.Runtime.InteropServices;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Facts;

/// <summary>The patients of a lane: their records together, in the order of hash and place, whatever order they came in.</summary>
internal sealed class PatientGroups
{
    // Small, so that what waits to be written is collected while it is new.
    private const int BatchRecords = 128;

    // Of one lane after the other, in the same memory.
    private readonly List<Entry> _entries = [];
    private ulong[] _order = [];

    /// <summary>Batches of patients, of one lane at a time.</summary>
    /// <param name="lane">The records.</param>
    /// <param name="replaced">The places of those that do not count.</param>
    public IEnumerable<IReadOnlyList<(int Start, int Length)[]>> Batches(LoadedLane lane, HashSet<FactPlace> replaced)
    {
        var entries = _entries;
        Collect(lane.Span, replaced);
        Sort(CollectionsMarshal.AsSpan(entries));
        var batch = new List<(int, int)[]>();
        var size = 0;
        for (var first = 0; first < entries.Count;)
        {
            var last = first + 1;
            while (last < entries.Count && entries[last].Key == entries[first].Key)
            {
                last++;
            }

            batch.Add(Group(CollectionsMarshal.AsSpan(entries)[first..last]));
            size += last - first;
            first = last;
            if (size >= BatchRecords)
            {
                yield return batch;
                batch = [];
                size = 0;
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private static (int Start, int Length)[] Group(ReadOnlySpan<Entry> entries)
    {
        var group = new (int, int)[entries.Length];
        for (var i = 0; i < group.Length; i++)
        {
            group[i] = (entries[i].Start, entries[i].Length);
        }

        return group;
    }

    private void Collect(ReadOnlySpan<byte> lane, HashSet<FactPlace> replaced)
    {
        _entries.Clear();
        var walk = new RecordWalk(lane);
        while (walk.Next())
        {
            var (key, place) = PatientAssembler.KeyAndPlace(walk.Record);
            if (replaced.Count == 0 || !replaced.Contains(place))
            {
                _entries.Add(new(key, place, walk.Start, walk.Length));
            }
        }
    }

    // By the first bits of the hash with the number of the record behind them, which costs a fraction of comparing records; what is equal there is compared as a whole.
    private void Sort(Span<Entry> entries)
    {
        var numbers = (1UL << (BitOperations.Log2((uint)entries.Length) + 1)) - 1;
        _order = _order.Length < entries.Length ? new ulong[entries.Length] : _order;
        var order = _order.AsSpan(0, entries.Length);
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = (entries[i].Key.Partition & ~numbers) | (uint)i;
        }

        order.Sort();
        Arrange(entries, order, numbers);
        for (var first = 0; first < entries.Length;)
        {
            var (last, isSorted) = (first + 1, true);
            for (; last < entries.Length && ((entries[last].Key.Partition ^ entries[first].Key.Partition) & ~numbers) == 0; last++)
            {
                isSorted = isSorted && entries[last - 1].CompareTo(entries[last]) <= 0;
            }

            if (!isSorted)
            {
                entries[first..last].Sort();
            }

            first = last;
        }
    }

    // In place, one cycle of exchanges after the other.
    private static void Arrange(Span<Entry> entries, Span<ulong> order, ulong numbers)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            var (held, at) = (entries[i], i);
            for (int from; (from = (int)(order[at] & numbers)) != i; at = from)
            {
                entries[at] = entries[from];
                order[at] = (uint)at;
            }

            entries[at] = held;
            order[at] = (uint)at;
        }
    }

    private readonly record struct Entry(PatientKey Key, FactPlace Place, int Start, int Length) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Key.CompareTo(other.Key) is var order and not 0 ? order : Place.CompareTo(other.Place);
    }
}
