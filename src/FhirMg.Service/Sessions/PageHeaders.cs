using FhirMg.Service.Configuration;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Sessions;

/// <summary>The headers of every page for people.</summary>
internal static class PageHeaders
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors ";

    /// <summary>Sets them: nothing of others is loaded, nothing is kept, and only the configured EHRs show the page in a frame.</summary>
    /// <remarks>
    /// Chromium holds the redirects that follow a form to <c>form-action</c> too, so what leads to another site must begin by a link.
    /// </remarks>
    public static void Apply(HttpContext context)
    {
        var ancestors = context.RequestServices.GetRequiredService<IOptions<ServiceOptions>>().Value.FrameAncestors;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy + (ancestors.Count > 0 ? $"'self' {string.Join(' ', ancestors)}" : "'none'");
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
