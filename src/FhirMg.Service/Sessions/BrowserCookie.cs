using FhirMg.Service.Hosting;

namespace FhirMg.Service.Sessions;

/// <summary>
/// The cookies that bind a browser to a launch and to a session: random, out of reach of scripts, and each sent to its own path only, so
/// that two launches in one browser never meet.
/// </summary>
internal sealed class BrowserCookie(PublicAddress address)
{
    private const string Name = "fhirmg";
    private const int Most = 4;

    /// <summary>Whether browsers take a <c>Secure</c> cookie from the public address.</summary>
    /// <remarks>
    /// Chromium and Firefox count http://localhost and http://127.0.0.1 as secure, so a demo on one machine runs in a frame like the real
    /// thing. On any other http address no cookie reaches a frame of another site: there the app works in a window of its own only.
    /// </remarks>
    private bool IsSecure => Address is { Scheme: "https" } or { IsLoopback: true };

    private Uri Address => new(address.Base);

    private string FullName => Address.Scheme == Uri.UriSchemeHttps ? $"__Secure-{Name}" : Name;

    /// <summary>The cookies of the name that the browser sent. More than one: somebody else has set another, and only one can fit.</summary>
    public IEnumerable<string> Read(HttpContext context, string? suffix = null)
    {
        var name = $"{FullName}{suffix}=";
        return context.Request.Headers.Cookie.SelectMany(header => header?.Split(';') ?? [])
            .Select(pair => pair.Trim()).Where(pair => pair.StartsWith(name, StringComparison.Ordinal)).Select(pair => pair[name.Length..]).Take(Most);
    }

    /// <summary>Gives the browser a cookie.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The only path that it is sent to, below the service's base.</param>
    /// <param name="value">Its value.</param>
    /// <param name="life">How long it is kept; null: as long as the browser runs.</param>
    /// <param name="suffix">Tells several of one path apart; null for none.</param>
    public void Write(HttpContext context, string path, string value, TimeSpan? life, string? suffix = null) =>
        context.Response.Cookies.Append($"{FullName}{suffix}", value, Options(path, life));

    /// <summary>Takes the cookie away.</summary>
    public void Delete(HttpContext context, string path, string? suffix = null) => Write(context, path, "", TimeSpan.Zero, suffix);

    private CookieOptions Options(string path, TimeSpan? life)
    {
        var options = new CookieOptions
        {
            HttpOnly = true,
            Path = $"{Address.AbsolutePath.TrimEnd('/')}{path}",
            MaxAge = life,
            Secure = IsSecure,
            SameSite = IsSecure ? SameSiteMode.None : SameSiteMode.Lax,
        };
        if (IsSecure)
        {
            options.Extensions.Add("Partitioned");
        }

        return options;
    }
}
