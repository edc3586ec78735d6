using System.Text.RegularExpressions;

namespace FhirMg.Service.Launch;

/// <summary>The person who launched, as a reference below the server's base.</summary>
internal static partial class FhirUser
{
    /// <summary>The reference, such as <c>Practitioner/p1</c>; null when the text is none, or of another server.</summary>
    /// <param name="text">What the server wrote: a url or a relative reference.</param>
    /// <param name="bases">The server's base, however it is written.</param>
    public static string? Of(string? text, params IEnumerable<string> bases)
    {
        if (text is null)
        {
            return null;
        }

        var below = bases.Select(one => $"{one.TrimEnd('/')}/").FirstOrDefault(root => text.StartsWith(root, StringComparison.Ordinal));
        var match = Reference().Match(below is null ? text : text[below.Length..]);
        return match.Success ? match.Groups["reference"].Value : null;
    }

    [GeneratedRegex(@"^(?<reference>(Practitioner|PractitionerRole|Patient|RelatedPerson|Person)/[A-Za-z0-9\-.]{1,64})(/_history/[A-Za-z0-9\-.]{1,64})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
