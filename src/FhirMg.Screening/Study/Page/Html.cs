using System.Globalization;
using System.Xml.Linq;

namespace FhirMg.Screening.Study.Page;

/// <summary>Elements of HTML and SVG as XML, so that every text is escaped.</summary>
internal static class Html
{
    public static XElement El(string name, params object?[] content) => new(name, content);

    public static XAttribute At(string name, object value) => new(name, value is double number ? Place(number) : Convert.ToString(value, CultureInfo.InvariantCulture)!);

    public static XAttribute Class(string value) => new("class", value);

    /// <summary>Words for those who do not see.</summary>
    public static XElement Hidden(string text) => El("span", Class("vh"), text);

    public static XElement Text(double x, double y, string text, string anchor = "start", string? style = null) =>
        El("text", At("x", x), At("y", y), At("text-anchor", anchor), style is null ? null : Class(style), text);

    public static XElement Line(double x1, double y1, double x2, double y2, string style) =>
        El("line", At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2), Class(style));

    public static XElement Box(double x, double y, double width, double height, string style, string? fill = null) =>
        El("rect", At("x", x), At("y", y), At("width", Math.Max(0, width)), At("height", Math.Max(0, height)), Class(style), fill is null ? null : At("fill", fill));

    /// <summary>A drawing, which can be moved sideways where the screen is too narrow to read it.</summary>
    public static XElement Svg(double width, double height, string label, params object?[] content) =>
        El("div", Class("drawing"), At("role", "group"), At("aria-label", label), At("tabindex", "0"),
            El("svg", At("viewBox", $"0 0 {Place(width)} {Place(height)}"), At("role", "img"), At("aria-label", label), content));

    /// <summary>A place in a drawing, to a hundredth.</summary>
    public static string Place(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
