using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>Searches and their pages, the way one vendor answers them.</summary>
internal sealed class Searchsets(VendorProfile vendor, Store store, Uri baseUrl)
{
    private static readonly HashSet<string> Shaping = ["_count", "_format", "_pretty", "_summary", "_total", "_elements", "_sort"];
    private static readonly HashSet<string> Modifiers = ["", "not", "missing"];
    private readonly string pageParameter = vendor.PageQuery.Split('=')[0];
    private readonly ConcurrentDictionary<string, Cursor> cursors = new();
    private int issued;

    private sealed record Cursor(string Type, IReadOnlyList<JsonObject> Matches, IReadOnlyList<JsonObject> Included, int Offset, int Count, string? Note);

    public TimeSpan Lag { get; set; } = vendor.SearchLag;

    public bool IsPage(IEnumerable<KeyValuePair<string, string>> query) => query.Any(q => q.Key == pageParameter);

    public string? TypeOfPage(RecordedRequest request) =>
        request.Parameter(pageParameter) is { } token && cursors.TryGetValue(token, out var cursor) ? cursor.Type : null;

    public Answer Page(RecordedRequest request) =>
        cursors.TryGetValue(request.Parameter(pageParameter)!, out var cursor)
            ? Searchset(cursor, request.Url.AbsoluteUri)
            : Answer.Error(410, "The search has expired", vendor.Errors);

    public Answer Search(RecordedRequest request)
    {
        var support = vendor.Types[request.Type];
        if (vendor.EverythingOnly)
        {
            return Answer.Error(403, "Searches are not available here", vendor.Errors);
        }

        var asked = request.Query.Where(q => !Shaping.Contains(q.Key)).ToList();
        var modified = asked.Find(q => q.Key.Split(':') is [_, var m] && !Modifiers.Contains(m) && !char.IsUpper(m[0]));
        if (modified.Key is not null)
        {
            return Answer.Error(400, $"The modifier of {modified.Key} is not supported", vendor.Errors);
        }

        var includes = asked.Where(q => vendor.Includes && q.Key == "_include").ToList();
        var known = asked.Where(q => support.Search.Contains(q.Key.Split(':')[0])).ToList();
        var unknown = asked.Except(known).Except(includes).Select(q => q.Key).ToList();
        if (unknown.Count > 0 && vendor.Unknown == UnknownParameters.Refused)
        {
            return Answer.Error(400, $"Unknown search parameter \"{unknown[0]}\" for {request.Type}", vendor.Errors);
        }

        if (support.Required.FirstOrDefault(group => !group.Split('|').Any(name => known.Exists(k => k.Key.Split(':')[0] == name))) is { } missing)
        {
            return Answer.Error(400, $"One of {missing.Replace("|", ", ", StringComparison.Ordinal)} is required", vendor.Errors);
        }

        var matches = Matching(request.Type, known);
        var included = Included(matches, includes.Select(i => i.Value));
        var note = unknown.Count > 0 && vendor.Unknown == UnknownParameters.IgnoredWithOutcome ? $"Ignored: {string.Join(", ", unknown)}" : null;
        return Searchset(new Cursor(request.Type, matches, included, 0, CountOf(request), note), request.Url.AbsoluteUri);
    }

    /// <summary>What conditional interactions find; null when the criteria are not understood.</summary>
    public IReadOnlyList<JsonObject>? Conditional(string type, string criteria)
    {
        var query = Queries.Parse(criteria);
        return query.Count > 0 && query.All(q => vendor.Types[type].Search.Contains(q.Key.Split(':')[0])) ? Matching(type, query) : null;
    }

    public Answer Everything(JsonObject patient, RecordedRequest request)
    {
        var name = $"Patient/{patient["id"]}";
        var compartment = vendor.Types.Keys.Where(t => t != "Patient").SelectMany(t => Matching(t, [new("patient", name)]));
        return Searchset(new Cursor("Patient", [patient, .. compartment], [], 0, CountOf(request), null), request.Url.AbsoluteUri);
    }

    private List<JsonObject> Matching(string type, IReadOnlyList<KeyValuePair<string, string>> query) =>
        [.. store.Visible(type, Lag).Where(r => query.All(q => SearchParameters.Matches(r, q.Key, q.Value)))];

    private List<JsonObject> Included(List<JsonObject> matches, IEnumerable<string> includes) =>
    [
        .. includes.Select(i => i.Split(':')).Where(i => i.Length > 1)
            .SelectMany(i => matches.SelectMany(m => SearchParameters.References(m, i[1])))
            .Distinct().Select(r => r.Split('/')).Where(r => r.Length == 2).Select(r => store.Read(r[0], r[1])).OfType<JsonObject>(),
    ];

    private int CountOf(RecordedRequest request) => request.Parameter("_summary") == "count" ? 0
        : int.TryParse(request.Parameter("_count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Min(count, vendor.MaxCount)
        : vendor.DefaultCount;

    private Answer Searchset(Cursor cursor, string self)
    {
        var page = cursor.Matches.Skip(cursor.Offset).Take(cursor.Count).ToList();
        var entries = page.Select(r => Entry(r, "match")).Concat(cursor.Offset == 0 ? cursor.Included.Select(r => Entry(r, "include")) : []).ToList();
        if (cursor.Note is not null || vendor.OutcomeEntries)
        {
            entries.Add(Outcome(cursor.Note ?? "This is for information only"));
        }

        var links = new JsonArray(new JsonObject { ["relation"] = "self", ["url"] = self });
        var next = cursor.Offset + cursor.Count;
        if (cursor.Count > 0 && next < cursor.Matches.Count)
        {
            links.Add(new JsonObject { ["relation"] = "next", ["url"] = NextLink(cursor with { Offset = next }) });
        }

        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "searchset", ["link"] = links };
        if (vendor.Total != TotalStyle.Absent || cursor.Count == 0)
        {
            bundle["total"] = vendor.Total == TotalStyle.OfPage && cursor.Count > 0 ? page.Count : cursor.Matches.Count;
        }

        if (entries.Count > 0)
        {
            bundle["entry"] = new JsonArray([.. entries]);
        }

        return Answer.Of(200, bundle);
    }

    private string NextLink(Cursor cursor)
    {
        var token = FormattableString.Invariant($"{baseUrl.Port:x}{Interlocked.Increment(ref issued):x8}");
        cursors[token] = cursor;
        var relative = (vendor.PagesAtBase ? "?" : cursor.Type + "?") + string.Format(CultureInfo.InvariantCulture, vendor.PageQuery, token);
        return vendor.Links switch
        {
            LinkStyle.Relative => relative,
            LinkStyle.ServerAbsolute => $"{baseUrl.AbsolutePath.TrimEnd('/')}/{relative}",
            _ => baseUrl.AbsoluteUri.TrimEnd('/') + (vendor.PagesAtBase ? "" : "/") + relative,
        };
    }

    private JsonObject Entry(JsonObject resource, string mode)
    {
        var entry = new JsonObject { ["fullUrl"] = $"{baseUrl.AbsoluteUri.TrimEnd('/')}/{resource["resourceType"]}/{resource["id"]}", ["resource"] = resource.DeepClone() };
        if (vendor.SearchMode)
        {
            entry["search"] = new JsonObject { ["mode"] = mode };
        }

        return entry;
    }

    private JsonObject Outcome(string text)
    {
        var issue = new JsonObject { ["severity"] = "information", ["code"] = "informational", ["diagnostics"] = text };
        var entry = new JsonObject { ["resource"] = new JsonObject { ["resourceType"] = "OperationOutcome", ["issue"] = new JsonArray(issue) } };
        if (vendor.SearchMode)
        {
            entry["search"] = new JsonObject { ["mode"] = "outcome" };
        }

        return entry;
    }
}
