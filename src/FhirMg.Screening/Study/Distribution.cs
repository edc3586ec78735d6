namespace FhirMg.Screening.Study;

/// <summary>Values between two ends.</summary>
/// <param name="From">Lower end in mmol/L, included.</param>
/// <param name="To">Upper end in mmol/L, excluded; null for the bin of all higher values.</param>
/// <param name="Count">Patients.</param>
internal readonly record struct DistributionBin(decimal From, decimal? To, long Count);

/// <summary>Serum magnesium of a group: bins joined until none holds fewer patients than may be shown. All that is drawn and said comes from these bins.</summary>
internal sealed class Distribution
{
    private readonly int[] _binOf = new int[SerumBins.Count];

    private Distribution(IReadOnlyList<DistributionBin> bins) => Bins = bins;

    public IReadOnlyList<DistributionBin> Bins { get; private init; }

    public long Count => Bins.Sum(bin => bin.Count);

    /// <summary>The published bin that a bin became part of.</summary>
    public int BinOf(int bin) => bin == SerumBins.None ? -1 : _binOf[bin];

    /// <summary>Joins bins from the left until each holds nobody or enough patients; what is left over joins the last that does.</summary>
    public static Distribution Of(ReadOnlySpan<long> counts, int suppressBelow)
    {
        List<(int First, int Last, long Count)> joined = [];
        for (var i = 0; i < SerumBins.Count; i++)
        {
            if (joined.Count > 0 && IsTooSmall(joined[^1].Count, suppressBelow))
            {
                joined[^1] = (joined[^1].First, i, joined[^1].Count + counts[i]);
            }
            else
            {
                joined.Add((i, i, counts[i]));
            }
        }

        while (joined.Count > 1 && IsTooSmall(joined[^1].Count, suppressBelow))
        {
            joined[^2] = (joined[^2].First, joined[^1].Last, joined[^2].Count + joined[^1].Count);
            joined.RemoveAt(joined.Count - 1);
        }

        var distribution = new Distribution(
            [.. joined.Select(bin => new DistributionBin(SerumBins.Start(bin.First), bin.Last == SerumBins.Count - 1 ? null : SerumBins.Start(bin.Last + 1), bin.Count))]);
        for (var i = 0; i < joined.Count; i++)
        {
            distribution._binOf.AsSpan(joined[i].First, joined[i].Last - joined[i].First + 1).Fill(i);
        }

        return distribution;
    }

    /// <summary>The value below which a share of the patients lies, reckoned evenly inside its bin; null when that bin has no upper end, or there is nobody.</summary>
    public decimal? Quantile(decimal share)
    {
        var wanted = share * Count;
        decimal below = 0;
        foreach (var bin in Bins.Where(bin => bin.Count > 0))
        {
            if (below + bin.Count >= wanted)
            {
                return bin.To is { } to ? bin.From + ((to - bin.From) * (wanted - below) / bin.Count) : null;
            }

            below += bin.Count;
        }

        return null;
    }

    public static bool IsTooSmall(long count, int suppressBelow) => count > 0 && count < suppressBelow;
}
