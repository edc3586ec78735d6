using System.Buffers;

namespace FhirMg.Service.Sessions;

/// <summary>Error codes of OAuth 2.0, which may be logged and shown when they look like such.</summary>
internal static class OAuthError
{
    private const int Longest = 64;
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    /// <summary>Whether it has the form of a code such as <c>invalid_grant</c>.</summary>
    public static bool IsCode(string? text) => text is { Length: > 0 and <= Longest } && !text.AsSpan().ContainsAnyExcept(Characters);
}
