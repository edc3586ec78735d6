using System.Collections.Frozen;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Ehr;

/// <summary>The pages' texts in one language.</summary>
internal sealed class Texts
{
    private static readonly FrozenDictionary<string, Texts> All = Embedded.Json("texts").AsObject()
        .ToFrozenDictionary(pair => pair.Key, pair => new Texts(pair.Key, pair.Value!.AsObject()), StringComparer.Ordinal);

    private readonly FrozenDictionary<string, string> _texts;

    private Texts(string language, JsonObject texts) =>
        (Language, _texts) = (language, texts.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Text()!, StringComparer.Ordinal));

    public string Language { get; }

    /// <summary>The languages, English first.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "ru"];

    /// <summary>The names of the texts.</summary>
    public IEnumerable<string> Names => _texts.Keys;

    public string this[string name] => _texts[name];

    /// <summary>The word for a code, such as a status; the code itself where there is none.</summary>
    public string Word(string kind, string? code) => code is null ? "" : _texts.TryGetValue($"{kind}-{code}", out var word) ? word : code;

    public static Texts In(string language) => All[language];

    /// <summary>In the language that was asked for (<c>lang</c>), else that of the browser, else English.</summary>
    public static Texts For(HttpContext context)
    {
        var asked = (string?)context.Request.Query["lang"] ?? (context.Request.HasFormContentType ? (string?)context.Request.Form["lang"] : null)
            ?? context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(one => one.Quality ?? 1).Select(one => one.Value.ToString().Split('-')[0]).FirstOrDefault(Languages.Contains);
        return In(asked is not null && Languages.Contains(asked) ? asked : Languages[0]);
    }
}
