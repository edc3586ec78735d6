namespace FhirMg.Screening.Study;

/// <summary>
/// Which figures are not shown. A count of 1 to (N − 1) is hidden, and beside it as many others as it takes: for each hidden count another cohort is
/// found in which one patient is otherwise, or two have changed places, that would have led to every figure shown and to another value of
/// that count. What two cohorts have in common cannot tell them apart, whatever is reckoned from it.
/// </summary>
internal sealed class Disclosure
{
    private readonly HashSet<int> _hidden = [];
    private readonly HashSet<int> _ambiguous = [];

    private Disclosure(Distribution with, Distribution without) => (With, Without) = (with, without);

    public Distribution With { get; }

    public Distribution Without { get; }

    public bool Hides(int figure) => _hidden.Contains(figure);

    public bool Hides(FigureRow row, FigureColumn column) => Hides(Figures.Id(row, column));

    /// <summary>Decides what is shown of a cohort.</summary>
    /// <param name="counts">The cohort.</param>
    /// <param name="suppressBelow">The smallest count that is shown, zero aside; 0 shows everything.</param>
    public static Disclosure Of(CohortCounts counts, int suppressBelow)
    {
        var types = counts.Types.ToList();
        var disclosure = new Disclosure(Bins(types, true, suppressBelow), Bins(types, false, suppressBelow));
        if (suppressBelow > 1)
        {
            disclosure.Hide(types, suppressBelow);
        }

        return disclosure;
    }

    /// <summary>How many patients each figure counts.</summary>
    public static long[] Totals(IEnumerable<(PatientType Type, long Count)> types)
    {
        var totals = new long[Figures.Counts];
        Span<int> ids = stackalloc int[Figures.MostOfOnePatient];
        foreach (var (type, count) in types)
        {
            foreach (var id in ids[..Figures.Of(type, ids)])
            {
                totals[id] += count;
            }
        }

        return totals;
    }

    private static Distribution Bins(List<(PatientType Type, long Count)> types, bool hasMigraine, int suppressBelow)
    {
        var bins = new long[SerumBins.Count];
        foreach (var (type, count) in types.Where(pair => pair.Type.HasMigraine == hasMigraine && pair.Type.Laboratory.Bin != SerumBins.None))
        {
            bins[type.Laboratory.Bin] += count;
        }

        return Distribution.Of(bins, suppressBelow);
    }

    private void Hide(List<(PatientType Type, long Count)> types, int suppressBelow)
    {
        var totals = Totals(types);
        var small = Enumerable.Range(0, Figures.Counts).Where(id => Distribution.IsTooSmall(totals[id], suppressBelow)).ToList();
        _hidden.UnionWith(small);
        HideAnalyses(types, suppressBelow);

        var search = new AmbiguitySearch(types, totals, With, Without, _hidden);
        foreach (var id in small.Where(id => !_ambiguous.Contains(id)))
        {
            if (search.Cheapest(id) is not { } changed)
            {
                // All patients are alike: only hiding everything hides this.
                _hidden.UnionWith(Enumerable.Range(0, Figures.All));
                return;
            }

            _hidden.UnionWith(changed);
            _ambiguous.UnionWith(changed);
        }
    }

    // An estimate is no better hidden than the table that it comes from.
    private void HideAnalyses(List<(PatientType Type, long Count)> types, int suppressBelow)
    {
        var pooled = types.Where(pair => CohortCounts.IsInStratum(pair.Type)).GroupBy(pair => (pair.Type.Age, pair.Type.Gender)).Select(CohortCounts.Table)
            .Where(table => table.IsInformative).Aggregate(default(Statistics.TwoByTwo), Statistics.TwoByTwo.Add);
        if (((long[])[pooled.A, pooled.B, pooled.C, pooled.D]).Any(cell => cell < suppressBelow))
        {
            _hidden.Add(Figures.Stratified);
        }

        if (Distribution.IsTooSmall(With.Count, suppressBelow))
        {
            _hidden.Add(Figures.DistributionWith);
        }

        if (Distribution.IsTooSmall(Without.Count, suppressBelow))
        {
            _hidden.Add(Figures.DistributionWithout);
        }
    }
}
