namespace FhirMg.Cli.Plotting;

/// <summary>Something drawn; places and lengths in pixels from the upper left corner, colours as #rrggbb.</summary>
internal abstract record Shape;

/// <summary>A filled rectangle.</summary>
internal sealed record Box(double X, double Y, double Width, double Height, string Fill) : Shape;

/// <summary>A straight line; dashes as lengths of strokes and gaps, none for a solid line.</summary>
internal sealed record Stroke(double X1, double Y1, double X2, double Y2, string Color, double Width = 1, double Dash = 0) : Shape;

/// <summary>A circle with a border.</summary>
internal sealed record Dot(double X, double Y, double Radius, string Fill, string Border) : Shape;

/// <summary>A filled triangle.</summary>
internal sealed record Arrow(double X1, double Y1, double X2, double Y2, double X3, double Y3, string Fill) : Shape;

/// <summary>A text, placed by its baseline; turned a quarter to the left when upright, bordered with paper for a halo.</summary>
internal sealed record Label(double X, double Y, string Text, double Size, string Color, Anchor Anchor = Anchor.Start, bool Upright = false, bool Halo = false) : Shape;

/// <summary>Which part of a text stands at its place.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>A whole picture.</summary>
internal sealed record Picture(double Width, double Height, IReadOnlyList<Shape> Shapes);
