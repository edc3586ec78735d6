using SkiaSharp;

namespace FhirMg.Cli.Plotting;

/// <summary>The fonts of pictures: one of our own, because containers often have none.</summary>
internal sealed class PlotFonts : IDisposable
{
    private readonly SKTypeface _own = Load();
    private readonly Dictionary<int, SKTypeface?> _others = [];

    /// <summary>The font for a text: our own, or one of the system's when a letter is missing there.</summary>
    public SKTypeface For(string text)
    {
        using var font = new SKFont(_own);
        foreach (var letter in text.EnumerateRunes())
        {
            if (font.ContainsGlyph(letter.Value))
            {
                continue;
            }

            if (!_others.TryGetValue(letter.Value, out var other))
            {
                _others[letter.Value] = other = SKFontManager.Default.MatchCharacter(letter.Value);
            }

            if (other is not null)
            {
                return other;
            }
        }

        return _own;
    }

    public void Dispose()
    {
        _own.Dispose();
        foreach (var other in _others.Values)
        {
            other?.Dispose();
        }
    }

    private static SKTypeface Load()
    {
        using var font = typeof(PlotFonts).Assembly.GetManifestResourceStream("plot-font")!;
        return SKTypeface.FromStream(font);
    }
}
