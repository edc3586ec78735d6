using System.Security.Cryptography;
using System.Text;

namespace FhirMg.Sandbox.Loading;

/// <summary>Gives the resources of a case ids of their own: many cases have a <c>Patient/p1</c>.</summary>
internal sealed class SampleIds(string name)
{
    private const int LongestId = 64;
    private const int DigestLength = 8;
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Places a resource; one that was placed under the same address keeps its id, as a later version.</summary>
    /// <param name="id">Its id in the case; null when it has none.</param>
    /// <param name="url">Its fullUrl; null when it has none.</param>
    public string Place(string type, string? id, string? url, int index)
    {
        var key = Key(url ?? $"{type}/{id ?? $"#{index}"}");
        if (_places.TryGetValue(key, out var known))
        {
            return known[(type.Length + 1)..];
        }

        var wanted = Own(id ?? $"{type.ToUpperInvariant()[0]}{index}");
        for (var copy = 2; !_taken.Add($"{type}/{wanted}"); copy++)
        {
            wanted = Own($"{id}-{copy}");
        }

        _places[key] = $"{type}/{wanted}";
        return wanted;
    }

    /// <summary>A reference of a resource of the case, as it is here; what points outside of the case stays as it is.</summary>
    /// <param name="url">The fullUrl of the resource that refers, which relative references stand under.</param>
    public string Rewrite(string reference, string? url)
    {
        if (reference.Length == 0 || reference[0] == '#')
        {
            return reference;
        }

        var parts = reference.Split('/');
        var isRelative = parts.Length is 2 or 4 && Searching.SearchParameters.Keeps(parts[0]);
        var root = url is not null && url.Split('/') is { Length: > 2 } segments && url.StartsWith("http", StringComparison.Ordinal) ? string.Join('/', segments[..^2]) + "/" : "";
        return _places.TryGetValue(Key(isRelative ? root + reference : reference), out var place) || _places.TryGetValue(Key(reference), out place) ? place
            : isRelative ? $"{parts[0]}/{Own(parts[1])}"
            : reference;
    }

    private string Own(string id)
    {
        var own = new string([.. $"{name}-{id}".Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? letter : '-')]);
        return own.Length <= LongestId ? own
            : $"{own[..(LongestId - DigestLength - 1)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(own)))[..DigestLength]}";
    }

    private static string Key(string url)
    {
        var history = url.IndexOf("/_history/", StringComparison.Ordinal);
        return history < 0 ? url : url[..history];
    }
}
