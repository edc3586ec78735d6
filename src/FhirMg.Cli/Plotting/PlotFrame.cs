using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Plotting;

/// <summary>Where times and values lie in the picture.</summary>
internal sealed record PlotFrame(SerumWindow Window)
{
    public const double PictureWidth = 1000;
    public const double Left = 80;
    public const double Right = 850;
    public const double Upper = 84;
    public const double Lower = 460;

    public DateTimeOffset From => Window.From;

    public double X(DateTimeOffset time) => Left + ((Right - Left) * Window.Place(time));

    public double Y(decimal value) => Y((double)value);

    public double Y(double value) => Lower - ((Lower - Upper) * Window.Place(value));

    public static PlotFrame Of(PlotCase plot) => new(SerumWindow.Of(plot.Assessment));
}
