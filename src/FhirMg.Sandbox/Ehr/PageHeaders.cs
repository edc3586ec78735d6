namespace FhirMg.Sandbox.Ehr;

/// <summary>The headers of pages for people.</summary>
internal static class PageHeaders
{
    /// <param name="context">The request.</param>
    /// <param name="formTarget">Where a form's answer leads outside of this site; null when nowhere.</param>
    /// <param name="frame">What may be shown in a frame; null for nothing.</param>
    public static void Set(HttpContext context, string? formTarget = null, Uri? frame = null)
    {
        var target = Uri.TryCreate(formTarget, UriKind.Absolute, out var url) ? url.IsDefaultPort || url.Port > 0 ? $" {url.GetLeftPart(UriPartial.Authority)}" : $" {url.Scheme}:" : "";
        // The app in the frame comes back to the authorization server, which is this site.
        var framed = frame is null ? "" : $" {frame.GetLeftPart(UriPartial.Authority)}";
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'self'{target}; frame-src 'self'{framed}; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
