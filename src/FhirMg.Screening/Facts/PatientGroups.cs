using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Facts;

/// <summary>The patients of a lane: their records together, in the order of hash, key and place, whatever order they came in.</summary>
internal static class PatientGroups
{
    private const int BatchRecords = 512;

    /// <summary>Batches of patients.</summary>
    /// <param name="lane">The records.</param>
    /// <param name="replaced">The places of those that do not count.</param>
    public static IEnumerable<IReadOnlyList<(int Start, int Length)[]>> Batches(byte[] lane, HashSet<FactPlace> replaced)
    {
        var (hashes, records) = Collect(lane, replaced);
        Array.Sort(hashes, records);
        var batch = new List<(int, int)[]>();
        var size = 0;
        for (var first = 0; first < hashes.Length;)
        {
            var last = first + 1;
            while (last < hashes.Length && hashes[last] == hashes[first])
            {
                last++;
            }

            foreach (var group in Split(lane, records, first, last))
            {
                batch.Add(group);
                size += group.Length;
            }

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

    private static (ulong[] Hashes, (int Start, int Length)[] Records) Collect(byte[] lane, HashSet<FactPlace> replaced)
    {
        var hashes = new List<ulong>();
        var records = new List<(int, int)>();
        var walk = new RecordWalk(lane);
        while (walk.Next())
        {
            if (replaced.Count == 0 || !replaced.Contains(PatientAssembler.Place(walk.Record)))
            {
                hashes.Add(PatientAssembler.Partition(PatientAssembler.Key(walk.Record)));
                records.Add((walk.Start, walk.Length));
            }
        }

        return ([.. hashes], [.. records]);
    }

    // Two patients of the same hash are rare, and never one patient.
    private static IEnumerable<(int, int)[]> Split(byte[] lane, (int Start, int Length)[] records, int first, int last)
    {
        var group = records[first..last];
        if (group.Length == 1)
        {
            return [group];
        }

        Array.Sort(group, (left, right) => PatientAssembler.Place(Record(left)).CompareTo(PatientAssembler.Place(Record(right))));
        return group.All(record => PatientAssembler.Key(Record(record)).SequenceEqual(PatientAssembler.Key(Record(group[0])))) ? [group]
            : group.GroupBy(record => Convert.ToHexString(PatientAssembler.Key(Record(record)))).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => same.ToArray());

        ReadOnlySpan<byte> Record((int Start, int Length) record) => lane.AsSpan(record.Start, record.Length);
    }
}
