using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Tokens;

/// <summary>What a server said in an error, on one short line and without anything secret that it repeats.</summary>
internal static partial class Said
{
    private const int Longest = 200;

    /// <summary>Reads an OAuth error; its code is null and its text what can be read of the body, when the answer is none.</summary>
    public static (string? Error, string Text) Read(string body, FhirServerOptions options)
    {
        var json = Json.TryParse(body);
        var error = json?.Text("error") is { } code ? Line(code, options) : null;
        var text = json is { } said ? said.Text("error_description") ?? Issue(said) ?? "" : Tags().Replace(body, " ");
        return (error, Line(text, options));
    }

    private static string? Issue(JsonElement outcome) =>
        outcome.Items("issue").Select(issue => issue.Text("diagnostics") ?? issue.Text("code")).FirstOrDefault();

    private static string Line(string text, FhirServerOptions options)
    {
        foreach (var secret in Secrets(options))
        {
            text = text.Replace(secret, "…", StringComparison.OrdinalIgnoreCase);
        }

        // Our assertion is a JWT, and a server that refuses it may repeat it.
        text = Blanks().Replace(Jwt().Replace(text, "…"), " ").Trim();
        return text.Length > Longest ? $"{text[..Longest]}…" : text;
    }

    private static IEnumerable<string> Secrets(FhirServerOptions options)
    {
        var known = options.ClientSecret is { Length: > 0 } secret
            ? [ClientAuthentication.Basic(options.ClientId ?? "", secret), ClientAuthentication.Encode(secret), Uri.EscapeDataString(secret), WebUtility.HtmlEncode(secret), secret]
            : Array.Empty<string>();
        return known.Concat(options.Headers.Values.Where(value => value.Length > 0));
    }

    [GeneratedRegex(@"eyJ[\w-]*(\.[\w-]*)*", RegexOptions.ExplicitCapture)]
    private static partial Regex Jwt();

    [GeneratedRegex(@"<(script|style)\b.*?</\1>|<[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blanks();
}
