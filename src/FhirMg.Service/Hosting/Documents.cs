using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FhirMg.Service.Hosting;

/// <summary>The documentation of this version, as it is written (Markdown): <c>/docs/{name}</c>.</summary>
internal static class Documents
{
    private const string Prefix = "docs/";

    private static readonly Dictionary<string, string> Texts = typeof(Documents).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).ToDictionary(name => name[Prefix.Length..], Read, StringComparer.Ordinal);

    /// <summary>The title of each document, by its name.</summary>
    public static IReadOnlyDictionary<string, string> Titles { get; } =
        Texts.ToDictionary(text => text.Key, text => text.Value.AsSpan(0, text.Value.IndexOf('\n', StringComparison.Ordinal)).Trim("# \r").ToString());

    /// <summary>Answers with a document.</summary>
    public static Results<ContentHttpResult, NotFound> Get(string name, HttpContext context)
    {
        if (!Texts.TryGetValue(name, out var text))
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Text(text, "text/plain", Encoding.UTF8);
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Documents).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
