using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Extraction;

/// <summary>Which of several results is the current one (IN-5).</summary>
internal static class Recency
{
    /// <summary>
    /// The newest: a result is superseded when another begins after it ends; among the rest the newest issued, then the lower
    /// value (for a pregnancy status: pregnant), then the smallest name.
    /// </summary>
    /// <param name="results">The results.</param>
    /// <param name="from">Those that begin earlier, in ticks of UTC, do not count.</param>
    public static ObservationFact? Newest(List<ObservationFact> results, long from = long.MinValue)
    {
        ObservationFact? newest = null;
        var latestStart = LatestStart(results);
        foreach (var result in results)
        {
            if (result.Time.Start >= from && result.Time.End >= latestStart && (newest is null || Precedes(result, newest)))
            {
                newest = result;
            }
        }

        return newest;
    }

    /// <summary>Results from the oldest to the newest; of one time by name, and those of one resource as they stand in it.</summary>
    public static IReadOnlyList<ObservationFact> OldestFirst(List<ObservationFact> results)
    {
        var (order, starts) = (new ObservationFact[results.Count], new (long Start, int Number)[results.Count]);
        for (var i = 0; i < order.Length; i++)
        {
            (order[i], starts[i]) = (results[i], (results[i].Time.Start, i));
        }

        Array.Sort(starts, order, Comparer<(long Start, int Number)>.Create((left, right) =>
        {
            var of = left.Start.CompareTo(right.Start);
            of = of != 0 ? of : string.CompareOrdinal(results[left.Number].Name, results[right.Number].Name);
            return of != 0 ? of : left.Number.CompareTo(right.Number);
        }));
        return order;
    }

    /// <summary>Answers, one at least, from the newest to the oldest: each is the newest of those that follow it; of one time, the smallest name first.</summary>
    public static IEnumerable<ManifestationsFact> NewestFirst(IReadOnlyList<ManifestationsFact> answers)
    {
        // Mostly the first is one that counts, and nobody asks for another.
        yield return Newest(answers);
        foreach (var next in InTurn(answers).Skip(1))
        {
            yield return next;
        }
    }

    private static ManifestationsFact Newest(IReadOnlyList<ManifestationsFact> answers)
    {
        var latestStart = long.MinValue;
        for (var i = 0; i < answers.Count; i++)
        {
            latestStart = Math.Max(latestStart, answers[i].Authored.Start);
        }

        ManifestationsFact? newest = null;
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i].Authored.End >= latestStart && (newest is null || string.CompareOrdinal(answers[i].Name, newest.Name) < 0))
            {
                newest = answers[i];
            }
        }

        return newest!;
    }

    private static IEnumerable<ManifestationsFact> InTurn(IReadOnlyList<ManifestationsFact> answers)
    {
        var byStart = new Queue<ManifestationsFact>(answers.OrderByDescending(answer => answer.Authored.Start));
        var byEnd = new Queue<ManifestationsFact>(answers.OrderByDescending(answer => answer.Authored.End));
        var newest = new PriorityQueue<ManifestationsFact, string>(StringComparer.Ordinal);
        var given = new HashSet<ManifestationsFact>(ReferenceEqualityComparer.Instance);
        while (given.Count < answers.Count)
        {
            while (given.Contains(byStart.Peek()))
            {
                byStart.Dequeue();
            }

            // As the latest beginning moves back, more answers are no longer superseded.
            while (byEnd.TryPeek(out var answer) && answer.Authored.End >= byStart.Peek().Authored.Start)
            {
                newest.Enqueue(answer, answer.Name);
                byEnd.Dequeue();
            }

            var next = newest.Dequeue();
            given.Add(next);
            yield return next;
        }
    }

    private static long LatestStart(List<ObservationFact> results)
    {
        var latest = long.MinValue;
        foreach (var result in results)
        {
            latest = Math.Max(latest, result.Time.Start);
        }

        return latest;
    }

    private static bool Precedes(ObservationFact left, ObservationFact right)
    {
        var order = IssuedAt(right).CompareTo(IssuedAt(left));
        order = order != 0 ? order : left.Row == LaboratoryRow.PregnancyStatus ? right.Positive.CompareTo(left.Positive) : CompareValues(left.Value, right.Value);
        return (order != 0 ? order : string.CompareOrdinal(left.Name, right.Name)) < 0;
    }

    private static long IssuedAt(ObservationFact result) => result.Issued.IsReadable ? result.Issued.Start : long.MinValue;

    private static int CompareValues(in Interval left, in Interval right)
    {
        var order = (left.Low ?? decimal.MinValue).CompareTo(right.Low ?? decimal.MinValue);
        order = order != 0 ? order : left.LowExcluded.CompareTo(right.LowExcluded);
        order = order != 0 ? order : (left.High ?? decimal.MaxValue).CompareTo(right.High ?? decimal.MaxValue);
        return order != 0 ? order : right.HighExcluded.CompareTo(left.HighExcluded);
    }
}
