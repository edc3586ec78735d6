using System.Net;
using FhirMg.Reasoning.Knowing;
using FhirMg.Service.Api;
using FhirMg.Service.Sessions;

namespace FhirMg.Service.App;

/// <summary>The frame of pages that are no more than text: nothing in them runs.</summary>
internal static class PlainPage
{
    /// <summary>Writes a page.</summary>
    /// <param name="context">The request that it answers.</param>
    /// <param name="language">Its language.</param>
    /// <param name="title">Its title, as text.</param>
    /// <param name="body">What stands in its main part, as HTML: every text in it made safe.</param>
    public static Task WriteAsync(HttpContext context, Language language, string title, string body)
    {
        var tag = AcceptedLanguage.Tag(language);
        PageHeaders.Apply(context);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentLanguage = tag;
        return context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="{tag}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{Safe(title)}</title><link rel="stylesheet" href="{Safe(context.Request.PathBase)}/app/assets/page.css?{PageAssets.Version}"><link rel="icon" href="data:,"></head>
            <body><main>{body}</main></body>
            </html>
            """, context.RequestAborted);
    }

    /// <summary>A text as HTML.</summary>
    public static string Safe(string? text) => WebUtility.HtmlEncode(text) ?? "";
}
