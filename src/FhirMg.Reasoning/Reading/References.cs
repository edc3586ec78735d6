using System.Buffers;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads references as text: what they end in, and what is the same without a version.</summary>
internal static class References
{
    /// <summary>Begins the subject of a resource that contains its patient; no reference of the input can begin so.</summary>
    public const char ContainedMark = '\0';

    private const int LongestId = 64;
    private const string IdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
    private static readonly SearchValues<byte> IdCharacters = SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(IdAlphabet));
    private static readonly SearchValues<char> IdLetters = SearchValues.Create(IdAlphabet);

    /// <summary>The reference without <c>/_history/…</c>.</summary>
    public static string WithoutVersion(string reference)
    {
        var history = reference.IndexOf("/_history/", StringComparison.Ordinal);
        return history < 0 ? reference : reference[..history];
    }

    /// <summary>Whether the reference ends in <c>Patient/{id}</c>, a version aside.</summary>
    public static bool NamesPatient(ReadOnlySpan<byte> reference)
    {
        var history = reference.IndexOf("/_history/"u8);
        var rest = history < 0 ? reference : reference[..history];
        var slash = rest.LastIndexOf((byte)'/');
        if (slash < 0 || !IsId(rest[(slash + 1)..]))
        {
            return false;
        }

        var type = rest[..slash];
        return type.EndsWith("Patient"u8) && (type.Length == "Patient".Length || type[^("Patient".Length + 1)] == '/');
    }

    /// <summary>Whether the reference is <c>Patient/{id}</c> and nothing more.</summary>
    public static bool TryPatientId(ReadOnlySpan<byte> reference, out ReadOnlySpan<byte> id)
    {
        var prefix = "Patient/"u8;
        id = reference.StartsWith(prefix) ? reference[prefix.Length..] : default;
        return IsId(id);
    }

    /// <summary>Splits a reference that ends in <c>Type/{id}</c>.</summary>
    /// <param name="reference">A reference without version.</param>
    /// <param name="isRelative">Whether it is nothing but these two segments.</param>
    public static bool TrySplit(string reference, string type, out string id, out bool isRelative)
    {
        var slash = reference.LastIndexOf('/');
        id = slash < 0 ? "" : reference[(slash + 1)..];
        var before = slash < 0 ? "" : reference[..slash];
        isRelative = before == type;
        return id.Length is > 0 and <= LongestId && !id.AsSpan().ContainsAnyExcept(IdLetters)
            && (isRelative || (before.EndsWith(type, StringComparison.Ordinal) && before[^(type.Length + 1)] == '/'));
    }

    /// <summary>Whether an url is one of the web, so that only an equal reference means its resource.</summary>
    public static bool IsWeb(string url) =>
        url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool IsId(ReadOnlySpan<byte> id) => id.Length is > 0 and <= LongestId
        && !id.ContainsAnyExcept(IdCharacters);
}
