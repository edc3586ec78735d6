using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirMg.Fhir.Tokens;

namespace FhirMg.Service.Sessions;

/// <summary>The answer of a token endpoint. What is missing or of another kind than it should be is absent; what is unknown is passed over.</summary>
internal sealed partial class TokenAnswer
{
    private const int LongestWord = 512;
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);
    private readonly JsonElement _answer;

    /// <summary>Reads it.</summary>
    /// <exception cref="TokenException">It holds no bearer token.</exception>
    public TokenAnswer(JsonElement answer, string host, DateTimeOffset asked)
    {
        _answer = answer;
        Access = Text("access_token") is { Length: > 0 } token && token.All(letter => letter is > ' ' and < '\x7F') ? token
            : throw new TokenException($"{host} answered without a token that can be used: show this to those who run the server") { Status = StatusCodes.Status200OK };
        if (Text("token_type") is { } type && !type.Equals("bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw new TokenException($"{host} gives tokens of another type than bearer: register the client for bearer tokens") { Status = StatusCodes.Status200OK };
        }

        ExpiresAt = double.TryParse(Text("expires_in"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? asked + TimeSpan.FromSeconds(Math.Min(seconds, LongestLife.TotalSeconds)) : null;
    }

    /// <summary>The access token.</summary>
    public string Access { get; }

    /// <summary>When it ends; null when not said.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The scopes granted; null when not said: then those that were asked for.</summary>
    public IReadOnlyList<string>? Scopes => Text("scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The refresh token; null when there is none.</summary>
    public string? Refresh => Text("refresh_token") is { Length: > 0 } token ? token : null;

    /// <summary>The id_token; null when there is none.</summary>
    public string? Identity => Text("id_token") is { Length: > 0 } token ? token : null;

    /// <summary>Id of the patient; null when none is named, or what is named is no id.</summary>
    public string? Patient => Id("patient", "Patient/");

    /// <summary>Id of the encounter; null when none is named, or what is named is no id.</summary>
    public string? Encounter => Id("encounter", "Encounter/");

    /// <summary>Who launched, as the server wrote it; null when not said.</summary>
    public string? FhirUser => Text("fhirUser");

    /// <inheritdoc cref="AppSession.NeedsPatientBanner"/>
    public bool NeedsPatientBanner => !(_answer.TryGetProperty("need_patient_banner", out var needed)
        && (needed.ValueKind == JsonValueKind.False || Text("need_patient_banner") == "false"));

    /// <inheritdoc cref="AppSession.Intent"/>
    public string? Intent => Text("intent") is { Length: > 0 and <= LongestWord } intent ? intent : null;

    /// <inheritdoc cref="AppSession.StyleUrl"/>
    public Uri? StyleUrl => Uri.TryCreate(Text("smart_style_url"), UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) ? url : null;

    // Some servers write the reference in place of the id.
    private string? Id(string name, string type) =>
        Text(name) is { } text && FhirId().Match(text.StartsWith(type, StringComparison.Ordinal) ? text[type.Length..] : text) is { Success: true } id ? id.Value : null;

    private string? Text(string name)
    {
        try
        {
            return _answer.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is no text.
            return null;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9\-.]{1,64}\z")]
    private static partial Regex FhirId();
}
