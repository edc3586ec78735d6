namespace FhirMg.Reasoning.Knowing;

/// <summary>The languages that every text exists in.</summary>
public enum Language
{
    /// <summary>English, <c>en</c>.</summary>
    English,

    /// <summary>Russian, <c>ru</c>.</summary>
    Russian,
}

/// <summary>A text for people in every supported language.</summary>
/// <param name="En">English.</param>
/// <param name="Ru">Russian.</param>
public sealed record Text(string En, string Ru)
{
    /// <summary>The text in the given language.</summary>
    public string this[Language language] => language == Language.Russian ? Ru : En;
}
