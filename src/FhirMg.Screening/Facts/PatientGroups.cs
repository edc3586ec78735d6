using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Facts;

/// <summary>The patients of a lane: their records together, in the order of hash and place, whatever order they came in.</summary>
internal static class PatientGroups
{
    private const int BatchRecords = 512;

    /// <summary>Batches of patients.</summary>
    /// <param name="lane">The records.</param>
    /// <param name="replaced">The places of those that do not count.</param>
    public static IEnumerable<IReadOnlyList<(int Start, int Length)[]>> Batches(byte[] lane, HashSet<FactPlace> replaced)
    {
        var entries = Collect(lane, replaced);
        entries.Sort();
        var batch = new List<(int, int)[]>();
        var size = 0;
        for (var first = 0; first < entries.Count;)
        {
            var last = first + 1;
            while (last < entries.Count && entries[last].Key == entries[first].Key)
            {
                last++;
            }

            batch.Add(Group(entries, first, last));
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

    private static (int Start, int Length)[] Group(List<Entry> entries, int first, int last)
    {
        var group = new (int, int)[last - first];
        for (var i = first; i < last; i++)
        {
            group[i - first] = (entries[i].Start, entries[i].Length);
        }

        return group;
    }

    private static List<Entry> Collect(byte[] lane, HashSet<FactPlace> replaced)
    {
        var entries = new List<Entry>();
        var walk = new RecordWalk(lane);
        while (walk.Next())
        {
            var (key, place) = PatientAssembler.KeyAndPlace(walk.Record);
            if (replaced.Count == 0 || !replaced.Contains(place))
            {
                entries.Add(new(key, place, walk.Start, walk.Length));
            }
        }

        return entries;
    }

    private readonly record struct Entry(PatientKey Key, FactPlace Place, int Start, int Length) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Key.CompareTo(other.Key) is var order and not 0 ? order : Place.CompareTo(other.Place);
    }
}
