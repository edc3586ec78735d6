namespace FhirMg.Screening.Study.Page;

/// <summary>The colours of statuses and classes in the study's bars.</summary>
internal static class ConclusionColor
{
    private const string OnDark = "#ffffff", OnLight = "#1d232b";

    private static readonly Dictionary<string, (string Fill, string Ink)> Colors = new(StringComparer.Ordinal)
    {
        ["severe"] = ("#7b0020", OnDark),
        ["moderate"] = ("#c62828", OnDark),
        ["mild"] = ("#ef6c00", OnLight),
        ["borderline"] = ("#f9a825", OnLight),
        ["suboptimal"] = ("#c0ca33", OnLight),
        ["normal"] = ("#2e7d32", OnDark),
        ["elevated"] = ("#6a1b9a", OnDark),
        ["indeterminate"] = ("#78909c", OnLight),
        ["stale"] = ("#b0bec5", OnLight),
        ["missing"] = ("#dfe4e8", OnLight),
        ["confirmed"] = ("#c62828", OnDark),
        ["latent-suspected"] = ("#ef6c00", OnLight),
        ["possible"] = ("#f9a825", OnLight),
        ["not-excluded"] = ("#9ccc65", OnLight),
        ["unlikely"] = ("#2e7d32", OnDark),
        ["excess"] = ("#6a1b9a", OnDark),
        ["not-assessable"] = ("#dfe4e8", OnLight),
    };

    public static string Of(string code) => Colors[code].Fill;

    /// <summary>A colour for words on it.</summary>
    public static string InkOn(string code) => Colors[code].Ink;
}
