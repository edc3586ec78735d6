using System.Globalization;
using System.Text;
using System.Xml;

namespace FhirMg.Cli.Plotting;

/// <summary>Writes a picture as SVG with its texts as text.</summary>
internal static class SvgWriter
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const string Fonts = "'Noto Sans', 'DejaVu Sans', Arial, Helvetica, sans-serif";

    public static void Write(Stream output, Picture picture)
    {
        using var xml = XmlWriter.Create(output, new() { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" });
        xml.WriteStartElement("svg", Namespace);
        Write(xml, ("viewBox", $"0 0 {Say(picture.Width)} {Say(picture.Height)}"), ("width", Say(picture.Width)), ("height", Say(picture.Height)), ("font-family", Fonts));
        foreach (var shape in picture.Shapes)
        {
            Write(xml, shape);
        }

        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, Shape shape)
    {
        switch (shape)
        {
            case Box box:
                Empty(xml, "rect", ("x", Say(box.X)), ("y", Say(box.Y)), ("width", Say(box.Width)), ("height", Say(box.Height)), ("fill", box.Fill));
                break;
            case Stroke stroke:
                Empty(xml, "line", ("x1", Say(stroke.X1)), ("y1", Say(stroke.Y1)), ("x2", Say(stroke.X2)), ("y2", Say(stroke.Y2)), ("stroke", stroke.Color),
                    ("stroke-width", Say(stroke.Width)), ("stroke-dasharray", stroke.Dash > 0 ? Say(stroke.Dash) : "none"));
                break;
            case Dot dot:
                Empty(xml, "circle", ("cx", Say(dot.X)), ("cy", Say(dot.Y)), ("r", Say(dot.Radius)), ("fill", dot.Fill), ("stroke", dot.Border), ("stroke-width", "2"));
                break;
            case Arrow arrow:
                Empty(xml, "polygon", ("points", $"{Say(arrow.X1)},{Say(arrow.Y1)} {Say(arrow.X2)},{Say(arrow.Y2)} {Say(arrow.X3)},{Say(arrow.Y3)}"), ("fill", arrow.Fill));
                break;
            case Label label:
                Write(xml, label);
                break;
        }
    }

    private static void Write(XmlWriter xml, Label label)
    {
        xml.WriteStartElement("text", Namespace);
        Write(xml, ("x", Say(label.X)), ("y", Say(label.Y)), ("font-size", Say(label.Size)), ("fill", label.Color),
            ("text-anchor", label.Anchor switch { Anchor.Start => "start", Anchor.Middle => "middle", _ => "end" }));
        if (label.Upright)
        {
            xml.WriteAttributeString("transform", $"rotate(-90 {Say(label.X)} {Say(label.Y)})");
        }

        if (label.Halo)
        {
            Write(xml, ("stroke", StatusColor.Paper), ("stroke-width", "3"), ("stroke-linejoin", "round"), ("paint-order", "stroke"));
        }

        xml.WriteString(Printable.Line(label.Text));
        xml.WriteEndElement();
    }

    private static void Empty(XmlWriter xml, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name, Namespace);
        Write(xml, attributes);
        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            xml.WriteAttributeString(name, value);
        }
    }

    private static string Say(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
