using System.IO.Compression;
using System.Text.Json;

namespace FhirMg.Screening.Bulk;

/// <summary>Takes out what the server says is deleted (Bulk Data 2.0, <c>deleted</c>): Bundles whose entries are DELETE requests.</summary>
internal static class Deletions
{
    /// <summary>Adds the <c>Type/id</c> of each deleted resource that a file names.</summary>
    /// <returns>How many lines could not be read.</returns>
    public static int Collect(string path, HashSet<string> deleted)
    {
        var unreadable = 0;
        NdjsonFile.EachLine(path, ScreeningOptions.DefaultLongestLine, line =>
        {
            try
            {
                using var bundle = JsonDocument.Parse(line.ToArray());
                foreach (var entry in bundle.RootElement.GetProperty("entry").EnumerateArray())
                {
                    var request = entry.GetProperty("request");
                    if (request.GetProperty("method").ValueEquals("DELETE") && NameOf(request.GetProperty("url").GetString()) is { } name)
                    {
                        deleted.Add(name);
                    }
                }
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                unreadable++;
            }
        });
        return unreadable;
    }

    /// <summary>Writes a file anew without the deleted resources; leaves it as it is when it holds none.</summary>
    /// <returns>How many were taken out.</returns>
    public static long TakeOut(string path, string rest, HashSet<string> deleted)
    {
        var found = 0L;
        NdjsonFile.EachLine(path, ScreeningOptions.DefaultLongestLine, line => found += IsDeleted(line, deleted) ? 1 : 0);
        if (found == 0)
        {
            return 0;
        }

        using (var file = new FileStream(rest, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using Stream target = NdjsonFile.IsGzip(path) ? new GZipStream(file, CompressionLevel.Fastest) : file;
            NdjsonFile.EachLine(path, ScreeningOptions.DefaultLongestLine, line =>
            {
                if (!IsDeleted(line, deleted))
                {
                    target.Write(line);
                    target.WriteByte((byte)'\n');
                }
            });
        }

        return found;
    }

    /// <summary>The <c>Type/id</c> of an url, with or without the server's base before it and a version behind it; null when there is none.</summary>
    public static string? NameOf(string? url)
    {
        var parts = url?.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var history = Array.IndexOf(parts, "_history");
        var end = history < 0 ? parts.Length : history;
        return end >= 2 ? $"{parts[end - 2]}/{parts[end - 1]}" : null;
    }

    private static bool IsDeleted(ReadOnlySpan<byte> line, HashSet<string> deleted) => NdjsonFile.NameOf(line) is { } name && deleted.Contains(name);
}
