namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private sealed record Serum(string Status, List<string> Between, Result? Shown, decimal? Trend)
    {
        public bool Only(params string[] statuses) => Between.Count > 0 && Between.All(statuses.Contains);

        public bool Low => Only("severe", "moderate", "mild");

        public bool IsCurrent => Between.Count > 0;

        public bool MaybeElevated => Between.Contains("elevated");

        // The result to which thresholds apply; a stale one is shown, never classified.
        public Result? Current => Status is "stale" ? null : Shown;

        public string? Category => Low ? "low"
            : Only("borderline", "suboptimal", "normal") ? "normal"
            : Only("elevated") ? "high"
            : null;
    }

    private static readonly string[] StatusOrder =
        ["severe", "moderate", "mild", "borderline", "suboptimal", "normal", "elevated"];

    private static readonly Dictionary<int, (decimal Low, decimal High)> ReferenceByBand = new()
    {
        [1] = (0.62m, 0.91m),
        [2] = (0.70m, 0.95m),
        [3] = (0.70m, 0.86m),
        [4] = (0.70m, 0.91m),
        [5] = (0.70m, 0.91m),
        [6] = (0.66m, 1.07m),
    };

    private static IEnumerable<string> TouchedIn(Interval value, int band)
    {
        if (!ReferenceByBand.TryGetValue(band, out var reference))
        {
            yield break;
        }

        var adult = band >= 5;
        var pieces = new (string Status, Interval Piece)[]
        {
            ("severe", Interval.Below(0.4m)),
            ("moderate", Interval.HalfOpen(0.4m, 0.5m)),
            ("mild", Interval.HalfOpen(0.5m, reference.Low)),
            ("borderline", Interval.HalfOpen(reference.Low, 0.7m)),
            ("suboptimal", adult ? Interval.HalfOpen(0.7m, 0.8m) : Interval.HalfOpen(0.7m, 0.7m)),
            ("normal", Interval.Closed(adult ? 0.8m : 0.7m, reference.High)),
            ("elevated", Interval.Above(reference.High)),
        };
        foreach (var (status, piece) in pieces)
        {
            if (value.Touches(piece))
            {
                yield return status;
            }
        }
    }

    private static Serum ReadSerum(Case facts)
    {
        if (facts.Current("serum") is not { } current)
        {
            var older = Newest(facts.Observed.Results.Where(r => r.Row == "serum"));
            return new Serum(older is null ? "missing" : "stale", [], older, null);
        }

        var touched = PossibleBands(facts.Birth, current.When).SelectMany(band => TouchedIn(current.Value, band)).ToHashSet();
        var between = StatusOrder.Where(touched.Contains).ToList();
        return new Serum(between.Count == 1 ? between[0] : "indeterminate", between, current, Trend(facts.Recent("serum")));
    }

    private static decimal? Trend(List<Result> results)
    {
        var points = results.Where(r => r.Value.IsPoint).ToList();
        if (points.Select(p => p.When.Start).Distinct().Count() < 2)
        {
            return null;
        }

        var first = points.Min(p => p.When.Start);
        var xs = points.Select(p => (p.When.Start - first) / (30.4375m * TimeSpan.TicksPerDay)).ToList();
        var ys = points.Select(p => p.Value.Low!.Value).ToList();
        decimal meanX = xs.Average(), meanY = ys.Average();
        var slope = xs.Zip(ys, (x, y) => (x - meanX) * (y - meanY)).Sum() / xs.Sum(x => (x - meanX) * (x - meanX));
        return slope;
    }

    private sealed record Findings(Case Facts, Serum Serum, Answers? Answers, int Count)
    {
        public bool ManySymptoms => Answers is not null && Count >= 3;

        public bool Migraine => Facts.HasMigraine;

        public bool OnMagnesium => Facts.Takes("oral");

        private bool CellularLow => Facts.Current("erythrocytes")?.LabSays == "low" || Facts.Current("leukocytes")?.LabSays == "low";

        private bool IonizedLow => Facts.Current("ionized") is { } ionized && !ionized.Value.Touches(Interval.Above(0.54m));

        public bool OtherIndicator => Facts.Current("tetany") is { Positive: true } || CellularLow || IonizedLow;

        public string Deficiency => ClassifyDeficiency(this);

        public bool Deficient => Deficiency is "confirmed" or "latent-suspected";
    }

    private static string ClassifyDeficiency(Findings f)
    {
        var (facts, serum) = (f.Facts, f.Serum);
        var undirected = facts.Confirmed(MagnesiumDisorder);
        if (serum.Only("elevated"))
        {
            return "excess";
        }

        if (serum.Low || facts.Confirmed(MagnesiumDeficiency) || facts.Confirmed(Hypomagnesaemia)
            || (undirected && serum.IsCurrent && !serum.MaybeElevated))
        {
            return "confirmed";
        }

        if (f.Migraine && serum.Only("borderline", "suboptimal", "normal") && (f.ManySymptoms || f.OtherIndicator))
        {
            return "latent-suspected";
        }

        if ((undirected && !serum.IsCurrent) || serum.Only("borderline", "suboptimal")
            || (serum.Status is ("missing" or "stale" or "indeterminate") && f.ManySymptoms))
        {
            return "possible";
        }

        return !serum.Only("normal") ? "not-assessable"
            : f.Answers is not null && f.Count < 3 && !f.OtherIndicator ? "unlikely"
            : "not-excluded";
    }
}
