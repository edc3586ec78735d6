using System.Buffers;

namespace FhirMg.Service.Hooks.Requests;

/// <summary>The grammar of resource ids.</summary>
internal static class FhirId
{
    private const int Longest = 64;
    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    public static bool IsId(ReadOnlySpan<char> text) => text.Length is > 0 and <= Longest && !text.ContainsAnyExcept(Characters);
}
