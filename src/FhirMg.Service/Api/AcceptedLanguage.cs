using FhirMg.Reasoning.Knowing;

namespace FhirMg.Service.Api;

/// <summary>The language that a request asks for.</summary>
internal static class AcceptedLanguage
{
    /// <summary>The language most wanted of those that there are; null when the request asks for none of them.</summary>
    public static Language? Of(HttpRequest request)
    {
        if (request.Headers.AcceptLanguage.Count == 0)
        {
            return null;
        }

        (Language? Language, double Weight) best = (null, 0);
        foreach (var wanted in request.GetTypedHeaders().AcceptLanguage)
        {
            var language = wanted.Value.AsSpan() switch
            {
                var tag when Is(tag, "ru") => Language.Russian,
                var tag when Is(tag, "en") => (Language?)Language.English,
                _ => null,
            };
            best = language is not null && (wanted.Quality ?? 1) > best.Weight ? (language, wanted.Quality ?? 1) : best;
        }

        return best.Language;
    }

    /// <summary>The tag of a language, as <c>lang</c> and <c>Content-Language</c> take it.</summary>
    public static string Tag(Language language) => language == Language.Russian ? "ru" : "en";

    private static bool Is(ReadOnlySpan<char> tag, string language) =>
        tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == language.Length || tag[language.Length] == '-');
}
