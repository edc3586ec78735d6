namespace FhirMg.Simulators;

/// <summary>Queries and forms.</summary>
internal static class Queries
{
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text) =>
    [
        .. text.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(p => KeyValuePair.Create(Decoded(p[0]), p.Length == 2 ? Decoded(p[1]) : "")),
    ];

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
