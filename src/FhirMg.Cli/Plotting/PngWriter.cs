using SkiaSharp;

namespace FhirMg.Cli.Plotting;

/// <summary>Draws a picture as PNG, in twice its size so that print stays sharp.</summary>
internal static class PngWriter
{
    private const int Scale = 2;
    private const int Quality = 100;

    public static void Write(Stream output, Picture picture)
    {
        using var bitmap = new SKBitmap((int)picture.Width * Scale, (int)picture.Height * Scale);
        using var canvas = new SKCanvas(bitmap);
        canvas.Scale(Scale);
        using var fonts = new PlotFonts();
        foreach (var shape in picture.Shapes)
        {
            Draw(canvas, shape, fonts);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, Quality);
        data.SaveTo(output);
    }

    private static void Draw(SKCanvas canvas, Shape shape, PlotFonts fonts)
    {
        using var paint = new SKPaint { IsAntialias = true };
        switch (shape)
        {
            case Box box:
                paint.Color = SKColor.Parse(box.Fill);
                canvas.DrawRect(new((float)box.X, (float)box.Y, (float)(box.X + box.Width), (float)(box.Y + box.Height)), paint);
                break;
            case Stroke stroke:
                using (var dash = stroke.Dash > 0 ? SKPathEffect.CreateDash([(float)stroke.Dash, (float)stroke.Dash], 0) : null)
                {
                    Outline(paint, stroke.Color, stroke.Width);
                    paint.PathEffect = dash;
                    canvas.DrawLine((float)stroke.X1, (float)stroke.Y1, (float)stroke.X2, (float)stroke.Y2, paint);
                }

                break;
            case Dot dot:
                paint.Color = SKColor.Parse(dot.Fill);
                canvas.DrawCircle((float)dot.X, (float)dot.Y, (float)dot.Radius, paint);
                Outline(paint, dot.Border, 2);
                canvas.DrawCircle((float)dot.X, (float)dot.Y, (float)dot.Radius, paint);
                break;
            case Arrow arrow:
                paint.Color = SKColor.Parse(arrow.Fill);
                canvas.DrawVertices(SKVertexMode.Triangles,
                    [new((float)arrow.X1, (float)arrow.Y1), new((float)arrow.X2, (float)arrow.Y2), new((float)arrow.X3, (float)arrow.Y3)], null, null, paint);
                break;
            case Label label:
                Draw(canvas, label, paint, fonts);
                break;
        }
    }

    private static void Outline(SKPaint paint, string color, double width)
    {
        paint.Color = SKColor.Parse(color);
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = (float)width;
    }

    private static void Draw(SKCanvas canvas, Label label, SKPaint paint, PlotFonts fonts)
    {
        var text = Printable.Line(label.Text);
        using var font = new SKFont(fonts.For(text), (float)label.Size);
        canvas.Save();
        if (label.Upright)
        {
            canvas.RotateDegrees(-90, (float)label.X, (float)label.Y);
        }

        var align = label.Anchor switch { Anchor.Start => SKTextAlign.Left, Anchor.Middle => SKTextAlign.Center, _ => SKTextAlign.Right };
        if (label.Halo)
        {
            Outline(paint, StatusColor.Paper, 3);
            canvas.DrawText(text, (float)label.X, (float)label.Y, align, font, paint);
        }

        paint.Style = SKPaintStyle.Fill;
        paint.Color = SKColor.Parse(label.Color);
        canvas.DrawText(text, (float)label.X, (float)label.Y, align, font, paint);
        canvas.Restore();
    }
}
