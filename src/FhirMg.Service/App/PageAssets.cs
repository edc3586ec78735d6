using System.Security.Cryptography;

namespace FhirMg.Service.App;

/// <summary>The style sheet and the script of the page: own files, so that no script or style stands in a page.</summary>
internal static class PageAssets
{
    private static readonly Dictionary<string, (byte[] Content, string Type)> All = new(StringComparer.Ordinal)
    {
        ["page.css"] = (Read("page.css"), "text/css; charset=utf-8"),
        ["page.js"] = (Read("page.js"), "text/javascript; charset=utf-8"),
    };

    /// <summary>Changes with the content, so that a browser may keep what it has.</summary>
    public static string Version { get; } = Convert.ToHexStringLower(SHA256.HashData([.. All.Values.SelectMany(asset => asset.Content)]))[..12];

    /// <summary>Answers with an asset.</summary>
    public static IResult Get(string name, HttpContext context)
    {
        if (!All.TryGetValue(name, out var asset))
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(asset.Content, asset.Type);
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"app/{name}")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
