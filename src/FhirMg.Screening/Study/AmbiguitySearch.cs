using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Reading;
using FhirMg.Screening.Study.Statistics;

namespace FhirMg.Screening.Study;

/// <summary>Looks for another cohort that differs in one count and in as few figures shown as can be.</summary>
internal sealed class AmbiguitySearch
{
    private const int CostOfTotal = 20;
    private const int CostOfAnalysis = 50;
    private const int CostOfTest = 9;

    private readonly List<PatientType> _types;
    private readonly HashSet<(AgeBand, SerumStatus)> _seen;
    private readonly long[] _totals;
    private readonly Distribution _with;
    private readonly Distribution _without;
    private readonly HashSet<int> _hidden;
    private readonly int[] _change = new int[Figures.Counts];
    private readonly List<int> _touched = [];
    private readonly Dictionary<(AgeBand, AdministrativeGender, bool, SerumLevel), int> _strata = [];
    private readonly Dictionary<(AgeBand, AdministrativeGender), TwoByTwo> _tables;
    private readonly (OddsRatioEstimate?, int) _stratified;
    private readonly Dictionary<(bool, int), int> _bins = [];

    /// <param name="types">The cohort.</param>
    /// <param name="totals">What the figures count.</param>
    /// <param name="with">The distribution of values with migraine.</param>
    /// <param name="without">The distribution of values without migraine.</param>
    /// <param name="hidden">The figures that are hidden by now; the caller adds to it.</param>
    public AmbiguitySearch(IReadOnlyList<(PatientType Type, long Count)> types, long[] totals, Distribution with, Distribution without, HashSet<int> hidden)
    {
        (_with, _without, _totals, _hidden) = (with, without, totals, hidden);
        _types = [.. types.Select(pair => pair.Type).DistinctBy(Shown)];
        _tables = types.Where(pair => CohortCounts.IsInStratum(pair.Type)).GroupBy(pair => (pair.Type.Age, pair.Type.Gender)).ToDictionary(group => group.Key, CohortCounts.Table);
        _stratified = Stratified(_tables.Values);
        _seen = [.. _types.Select(type => (type.Age, type.Laboratory.Status))];
    }

    /// <summary>The figures that change together with a count, where they cost the least; null when no other cohort is possible.</summary>
    public IReadOnlyList<int>? Cheapest(int count)
    {
        var least = int.MaxValue;
        IReadOnlyList<int>? best = null;
        foreach (var type in _types.Where(type => IsPartOf(type, count)))
        {
            foreach (var (becomes, other, otherBecomes) in Changes(type))
            {
                var cost = CostOf(count, type, becomes, other, otherBecomes, least);
                if (cost < least)
                {
                    (least, best) = (cost, Changed());
                }

                if (least == 0)
                {
                    return best;
                }
            }
        }

        return best;
    }

    private static bool IsPartOf(in PatientType type, int count)
    {
        Span<int> ids = stackalloc int[Figures.MostOfOnePatient];
        return ids[..Figures.Of(type, ids)].Contains(count);
    }

    // Types that no figure tells apart are one to the search.
    private (MigraineForm, AgeBand, AdministrativeGender, SerumStatus, SerumLevel, Deficiency, int, int) Shown(PatientType type) => (
        type.Form, type.Age, type.Gender, type.Laboratory.Status, type.Laboratory.Level, type.Laboratory.Deficiency,
        _with.BinOf(type.Laboratory.Bin), _without.BinOf(type.Laboratory.Bin));

    // Two patients change places in one respect, or one patient becomes in it what another is.
    private IEnumerable<(PatientType Becomes, PatientType? Other, PatientType? OtherBecomes)> Changes(PatientType type)
    {
        foreach (var other in _types)
        {
            foreach (var (becomes, otherBecomes) in ((PatientType, PatientType)[])
            [
                (type with { Form = other.Form }, other with { Form = type.Form }),
                (type with { Age = other.Age }, other with { Age = type.Age }),
                (type with { Gender = other.Gender }, other with { Gender = type.Gender }),
                (type with { Laboratory = other.Laboratory }, other with { Laboratory = type.Laboratory }),
            ])
            {
                if (becomes != type && IsPossible(becomes))
                {
                    yield return (becomes, null, null);
                    if (IsPossible(otherBecomes))
                    {
                        yield return (becomes, other, otherBecomes);
                    }
                }
            }
        }
    }

    // Latent deficiency is suspected with migraine alone (DEF-2), and which statuses there are depends on the age.
    private bool IsPossible(in PatientType type) =>
        (type.HasMigraine || type.Laboratory.Deficiency != Deficiency.LatentSuspected) && _seen.Contains((type.Age, type.Laboratory.Status));

    private int CostOf(int count, in PatientType type, in PatientType becomes, PatientType? other, PatientType? otherBecomes, int least)
    {
        Clear();
        Count(type, -1);
        Count(becomes, 1);
        if (other is { } leaves && otherBecomes is { } enters)
        {
            Count(leaves, -1);
            Count(enters, 1);
        }

        if (_change[count] == 0)
        {
            return int.MaxValue;
        }

        var cost = 0;
        foreach (var id in _touched)
        {
            cost += _change[id] == 0 || _hidden.Contains(id) ? 0 : Cost(id);
            if (cost >= least)
            {
                return int.MaxValue;
            }
        }

        foreach (var analysis in ChangedAnalyses())
        {
            cost += _hidden.Contains(analysis) ? 0 : analysis == Figures.Heterogeneity ? CostOfTest : CostOfAnalysis;
        }

        return cost;
    }

    // A larger count is the greater loss; totals are needed for every rate; the table of the odds ratio is needed whole.
    private int Cost(int id) => Figures.IsTotal(id) ? CostOfTotal : Figures.IsLevel(id) ? CostOfAnalysis : 1 + (int)Math.Log10(1 + _totals[id]);

    private void Clear()
    {
        foreach (var id in _touched)
        {
            _change[id] = 0;
        }

        _touched.Clear();
        _strata.Clear();
        _bins.Clear();
    }

    private void Count(in PatientType type, int by)
    {
        Span<int> ids = stackalloc int[Figures.MostOfOnePatient];
        foreach (var id in ids[..Figures.Of(type, ids)])
        {
            if (_change[id] == 0)
            {
                _touched.Add(id);
            }

            _change[id] += by;
        }

        if (CohortCounts.IsInStratum(type) && type.Laboratory.Level != SerumLevel.Undetermined)
        {
            var stratum = (type.Age, type.Gender, type.HasMigraine, type.Laboratory.Level);
            _strata[stratum] = _strata.GetValueOrDefault(stratum) + by;
        }

        var bin = (type.HasMigraine, (type.HasMigraine ? _with : _without).BinOf(type.Laboratory.Bin));
        _bins[bin] = _bins.GetValueOrDefault(bin) + by;
    }

    private IEnumerable<int> ChangedAnalyses()
    {
        if (_strata.Values.Any(change => change != 0))
        {
            yield return Figures.Heterogeneity;
            if (!_hidden.Contains(Figures.Stratified) && Stratified(ChangedTables()) != _stratified)
            {
                yield return Figures.Stratified;
            }
        }

        if (_bins.Any(pair => pair.Value != 0 && pair.Key.Item1 && pair.Key.Item2 >= 0))
        {
            yield return Figures.DistributionWith;
        }

        if (_bins.Any(pair => pair.Value != 0 && !pair.Key.Item1 && pair.Key.Item2 >= 0))
        {
            yield return Figures.DistributionWithout;
        }
    }

    // What is published of the strata: another cohort may have other tables and the same figures.
    private static (OddsRatioEstimate?, int) Stratified(IReadOnlyCollection<TwoByTwo> tables) => (
        MantelHaenszel.Of(tables) is { } estimate ? Rounded.FromHiddenTables(estimate) : null, tables.Count(table => table.IsInformative));

    private List<TwoByTwo> ChangedTables() =>
    [
        .. _tables.Keys.Concat(_strata.Keys.Select(key => (key.Item1, key.Item2))).Distinct().Select(key =>
        {
            int By(bool hasMigraine, SerumLevel level) => _strata.GetValueOrDefault((key.Item1, key.Item2, hasMigraine, level));
            return _tables.GetValueOrDefault(key) + new TwoByTwo(By(true, SerumLevel.Low), By(true, SerumLevel.NotLow), By(false, SerumLevel.Low), By(false, SerumLevel.NotLow));
        }),
    ];

    private List<int> Changed() => [.. _touched.Distinct().Where(id => _change[id] != 0), .. ChangedAnalyses()];
}
