using Microsoft.Playwright;

namespace FhirMg.Browsing;

/// <summary>What somebody looks at a page with.</summary>
/// <param name="Language">Language of the browser, <c>en</c> or <c>ru</c>.</param>
/// <param name="Dark">Whether the dark colour scheme is preferred.</param>
/// <param name="Width">Width of the page in CSS pixels.</param>
/// <param name="Script">Whether JavaScript runs.</param>
public sealed record Screen(string Language = "en", bool Dark = false, int Width = 1280, bool Script = true)
{
    private const int SidePanel = 400;
    private const int Height = 900;

    /// <summary>A desk: English, light, 1,280 px.</summary>
    public static Screen Wide { get; } = new();

    /// <summary>A side panel of an EHR: English, light, 400 px.</summary>
    public static Screen Narrow { get; } = new(Width: SidePanel);

    /// <summary>Both languages, colour schemes and widths: eight.</summary>
    public static IReadOnlyList<Screen> All { get; } =
        [.. from language in (string[])["en", "ru"] from dark in (bool[])[false, true] from width in (int[])[Wide.Width, SidePanel] select new Screen(language, dark, width)];

    /// <summary>Such as <c>ru-dark-400</c>: names of tests and screenshots.</summary>
    public override string ToString() => $"{Language}-{(Dark ? "dark" : "light")}-{Width}{(Script ? "" : "-no-script")}";

    internal BrowserNewContextOptions Options() => new()
    {
        Locale = Language == "ru" ? "ru-RU" : "en-GB",
        ColorScheme = Dark ? ColorScheme.Dark : ColorScheme.Light,
        ReducedMotion = ReducedMotion.Reduce,
        ViewportSize = new() { Width = Width, Height = Height },
        JavaScriptEnabled = Script,
    };
}
