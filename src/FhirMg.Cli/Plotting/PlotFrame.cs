namespace FhirMg.Cli.Plotting;

/// <summary>Where times and values lie in the picture.</summary>
internal sealed record PlotFrame(DateTimeOffset From, DateTimeOffset To, double Bottom, double Top)
{
    public const double PictureWidth = 1000;
    public const double Left = 80;
    public const double Right = 850;
    public const double Upper = 84;
    public const double Lower = 460;

    public double X(DateTimeOffset time) => Left + ((Right - Left) * Math.Clamp((time - From) / (To - From), 0, 1));

    public double Y(decimal value) => Y((double)value);

    public double Y(double value) => Lower - ((Lower - Upper) * Math.Clamp((value - Bottom) / (Top - Bottom), 0, 1));

    public static PlotFrame Of(PlotCase plot)
    {
        var times = plot.Series.SelectMany(result => new[] { result.Start, result.End }).Append(plot.AsOf).ToList();
        var (first, last) = (times.Min(), times.Max());

        // A lone result says little in a picture of some days; therapy is shown from its start when that is no longer ago than the look-back.
        var widest = plot.Series.Count == 0 ? plot.LookBack : plot.LookBack / 4;
        first = last - first < widest ? Earlier(last, widest) : first;
        foreach (var start in plot.Therapy.Select(therapy => therapy.Start).OfType<DateTimeOffset>().Where(start => start < first && plot.AsOf - start <= plot.LookBack))
        {
            first = start;
        }

        var air = (last - first) / 25;
        var (bottom, top) = Values(plot);
        return new(Earlier(first, air), Later(last, air), bottom, top);
    }

    private static DateTimeOffset Earlier(DateTimeOffset time, TimeSpan by) => time - DateTimeOffset.MinValue > by ? time - by : DateTimeOffset.MinValue;

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) => DateTimeOffset.MaxValue - time > by ? time + by : DateTimeOffset.MaxValue;

    private static (double Bottom, double Top) Values(PlotCase plot)
    {
        var scale = plot.Assessment.Knowledge.Serum;
        var values = plot.Series.SelectMany(result => new[] { result.MmolPerL.Low, result.MmolPerL.High })
            .Append(scale.Severe.High).Concat(scale.Bands.SelectMany(band => new[] { band.Reference?.Low, band.Reference?.High }))
            .OfType<decimal>().Where(value => value <= scale.Plausible.High).Select(value => (double)value).ToList();
        var air = (values.Max() - values.Min()) / 8;
        return (Math.Max(0, values.Min() - air), values.Max() + air);
    }
}
