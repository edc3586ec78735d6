using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace FhirMg.Browsing;

/// <summary>Runs axe in a page and all its frames.</summary>
/// <remarks>
/// The script is the one of Deque's packages. Their own way of running it loads it again into a page of its own for every call, which takes
/// some twenty times as long; a test keeps that both find the same.
/// </remarks>
internal static class Axe
{
    private static readonly Lazy<string> Script = new(Read);

    /// <summary>A line for each violation and each place of it.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        foreach (var frame in page.Frames)
        {
            if (!await frame.EvaluateAsync<bool>("typeof axe !== 'undefined'"))
            {
                await frame.EvaluateAsync(Script.Value);
                await frame.EvaluateAsync("axe.configure({ allowedOrigins: ['<unsafe_all_origins>'] })");
            }
        }

        var violations = await page.EvaluateAsync<JsonElement>("axe.run({ resultTypes: ['violations'] }).then(result => result.violations)");
        return [.. violations.EnumerateArray().SelectMany(Lines)];
    }

    private static IEnumerable<string> Lines(JsonElement violation) => violation.GetProperty("nodes").EnumerateArray().Select(node =>
        $"{violation.GetProperty("id")} ({violation.GetProperty("impact")}): {violation.GetProperty("help")}\n    {node.GetProperty("html")}\n    {node.GetProperty("failureSummary").ToString().ReplaceLineEndings(" ")}");

    private static string Read()
    {
        var assembly = typeof(AxeResult).Assembly;
        using var reader = new StreamReader(assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(name => name.EndsWith("axe.min.js", StringComparison.Ordinal)))!);
        return reader.ReadToEnd();
    }
}
