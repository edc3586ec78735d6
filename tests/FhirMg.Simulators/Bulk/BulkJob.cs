using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FhirMg.Simulators;

/// <summary>A job of a <see cref="BulkServer"/>: its files, and how often what was asked for.</summary>
internal sealed class BulkJob
{
    private readonly BulkServerOptions _options;
    private readonly List<(string Name, string Type, string List, byte[] Content, int Count)> _files = [];
    private readonly ConcurrentDictionary<string, int> _sent = new();
    private int _statuses = -1, _downloads, _link;

    public BulkJob(int number, IEnumerable<JsonObject> resources, BulkServerOptions options)
    {
        (Number, _options) = (number, options);
        foreach (var type in resources.GroupBy(resource => (string)resource["resourceType"]!))
        {
            foreach (var chunk in type.Chunk(options.LinesOfFile))
            {
                Add(type.Key, "output", chunk);
            }
        }

        if (options.Deleted.Count > 0)
        {
            Add("Bundle", "deleted", [new JsonObject
            {
                ["resourceType"] = "Bundle",
                ["type"] = "transaction",
                ["entry"] = new JsonArray([.. options.Deleted.Select(name => new JsonObject { ["request"] = new JsonObject { ["method"] = "DELETE", ["url"] = name } })]),
            }]);
        }

        if (options.Errors.Count > 0)
        {
            Add("OperationOutcome", "error", [.. options.Errors.Select(text => new JsonObject
            {
                ["resourceType"] = "OperationOutcome",
                ["issue"] = new JsonArray(new JsonObject { ["severity"] = "error", ["code"] = "exception", ["diagnostics"] = text }),
            })]);
        }
    }

    public int Number { get; }

    public bool IsDeleted { get; set; }

    public int CountStatus() => Interlocked.Increment(ref _statuses);

    public int CountDownload() => Interlocked.Increment(ref _downloads);

    /// <summary>The links that were given before no longer work.</summary>
    public void RenewLinks() => Interlocked.Increment(ref _link);

    public JsonObject Manifest(Uri place, string status, int page)
    {
        var manifest = new JsonObject
        {
            ["transactionTime"] = "2026-11-20T00:00:00Z",
            ["request"] = "$export",
            ["requiresAccessToken"] = _options.RequiresAccessToken,
            ["output"] = Files("output", Skipped(page), _options.FilesOfPage),
            ["deleted"] = page == 0 ? Files("deleted", 0, int.MaxValue) : new JsonArray(),
            ["error"] = page == 0 ? Files("error", 0, int.MaxValue) : new JsonArray(),
        };
        if (Skipped(page + 1) < _files.Count(file => file.List == "output"))
        {
            manifest["link"] = new JsonArray(new JsonObject { ["relation"] = "next", ["url"] = $"{status}?page={page + 1}" });
        }

        return manifest;

        int Skipped(int pages) => (int)Math.Min((long)pages * _options.FilesOfPage, int.MaxValue);

        JsonArray Files(string list, int skipped, int most) => new([.. _files.Where(file => file.List == list).Skip(skipped).Take(most).Select(file =>
        {
            var entry = new JsonObject { ["type"] = file.Type, ["url"] = $"{place.AbsoluteUri.TrimEnd('/')}/files/{Number}/{file.Name}?signature={_link}" };
            if (_options.Counts && list == "output")
            {
                entry["count"] = file.Count;
            }

            return entry;
        })]);
    }

    public async Task SendAsync(HttpContext context, string name)
    {
        var file = _files.Single(file => file.Name == name);
        var times = _sent.AddOrUpdate(name, 1, (_, count) => count + 1) - 1;
        if (_options.LinkLivesFor < int.MaxValue && (context.Request.Query["signature"] != $"{_link}" || _downloads >= _options.LinkLivesFor * _link))
        {
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync("the link has expired");
            return;
        }

        var isFaulty = name.StartsWith("0-", StringComparison.Ordinal) && (_options.FaultyType ?? file.Type) == file.Type;
        var fault = isFaulty && times < _options.Faults.Count ? _options.Faults[times] : (FileFault?)null;
        if (fault == FileFault.Busy)
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "0";
            return;
        }

        if (fault == FileFault.LoginPage)
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html>please log in</html>");
            return;
        }

        var content = fault == FileFault.Short ? file.Content[..(Array.LastIndexOf(file.Content, (byte)'\n', file.Content.Length - 2) + 1)] : file.Content;
        await SendAsync(context, _options.Gzip ? Packed(content) : content, fault);
    }

    private async Task SendAsync(HttpContext context, byte[] body, FileFault? fault)
    {
        var from = 0;
        if (_options.Ranges)
        {
            context.Response.Headers.ETag = "\"v1\"";
            if (context.Request.Headers.Range.FirstOrDefault() is { } range && context.Request.Headers.IfRange == "\"v1\"")
            {
                from = int.Parse(range["bytes=".Length..].TrimEnd('-'));
                context.Response.StatusCode = 206;
                context.Response.Headers.ContentRange = $"bytes {from}-{body.Length - 1}/{body.Length}";
            }
        }

        context.Response.ContentType = "application/fhir+ndjson";
        if (_options.Gzip)
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        context.Response.ContentLength = body.Length - from;
        var rest = body.AsMemory(from);
        if (fault is FileFault.ResetInMiddle or FileFault.Stall)
        {
            await context.Response.Body.WriteAsync(rest[..(rest.Length / 2)]);
            await context.Response.Body.FlushAsync();
            if (fault == FileFault.Stall)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            // What was sent arrives before the connection is gone.
            await Task.Delay(100);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(rest);
    }

    private void Add(string type, string list, JsonObject[] resources)
    {
        var number = _files.Count(file => file.Type == type && file.List == list);
        var lines = string.Concat(resources.Select(resource => resource.ToJsonString() + "\n"));
        _files.Add(($"{number}-{type}-{list}.ndjson", type, list, Encoding.UTF8.GetBytes(lines), resources.Length));
    }

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
