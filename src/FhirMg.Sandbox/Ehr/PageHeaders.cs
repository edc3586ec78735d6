namespace FhirMg.Sandbox.Ehr;

/// <summary>The headers of pages for people.</summary>
internal static class PageHeaders
{
    /// <param name="context">The request.</param>
    /// <param name="others">Whom a form's answer or a frame may lead to, outside of this site: a browser holds redirects to it, too. Null members count for nothing.</param>
    public static void Set(HttpContext context, IEnumerable<Uri?> others)
    {
        var allowed = string.Concat(others.OfType<Uri>().Select(Source).Distinct(StringComparer.Ordinal).Select(source => $" {source}"));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'self'{allowed}; frame-src 'self'{allowed}; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }

    // An app of a device has a scheme of its own and no host.
    private static string Source(Uri url) => url.Scheme is "http" or "https" ? url.GetLeftPart(UriPartial.Authority) : $"{url.Scheme}:";
}
