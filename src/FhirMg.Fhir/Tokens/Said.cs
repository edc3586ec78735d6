using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Tokens;

/// <summary>What a server said in an error, on one short line and without anything secret that it repeats.</summary>
internal static partial class Said
{
    private const int Longest = 200;
    private const int MostRead = 4000;

    /// <summary>Reads an OAuth error; its code is null and its text what can be read of the body, when the answer is none.</summary>
    public static (string? Error, string Text) Read(string body, FhirServerOptions options)
    {
        if (Json.TryParse(body) is { } said)
        {
            var error = said.Text("error") is { } code ? Line(code, options) : null;
            return (error, Line(said.Text("error_description") ?? Issue(said) ?? "", options));
        }

        // Secrets go first: what follows could cut one in two, and the rest would no longer be known for what it is.
        var text = Redacted(body, options);
        return (null, Line(WebUtility.HtmlDecode(Tags().Replace(text.Length > MostRead ? text[..MostRead] : text, " ")), options));
    }

    private static string? Issue(JsonElement outcome) =>
        outcome.Items("issue").Select(issue => issue.Text("diagnostics") ?? issue.Text("code")).FirstOrDefault();

    private static string Line(string text, FhirServerOptions options)
    {
        var line = Blanks().Replace(Redacted(text, options), " ").Trim();
        return line.Length > Longest ? $"{line[..Longest]}…" : line;
    }

    // Our assertion is a JWT, and a server that refuses it may repeat it.
    private static string Redacted(string text, FhirServerOptions options) =>
        Jwt().Replace(Secrets(options).Aggregate(text, (rest, secret) => rest.Replace(secret, "…", StringComparison.OrdinalIgnoreCase)), "…");

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
