using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>One vendor's server over a set of resources: a request in, an answer out.</summary>
internal sealed class VendorServer
{
    private readonly VendorProfile vendor;
    private readonly Uri baseUrl;
    private readonly Writes writes;
    private int throttled;

    public VendorServer(VendorProfile vendor, Store store, Uri baseUrl)
    {
        (this.vendor, Store, this.baseUrl) = (vendor, store, baseUrl);
        Searches = new Searchsets(vendor, store, baseUrl);
        writes = new Writes(vendor, store, Searches, baseUrl);
    }

    public Store Store { get; }

    public Searchsets Searches { get; }

    /// <summary>Whose tokens are wanted; null when anybody may come in.</summary>
    public AuthServer? Auth { get; set; }

    public Task<Answer> AnswerAsync(RecordedRequest request) => Public(request) ?? Refused(request) ?? ServedAsync(request);

    private Task<Answer>? Public(RecordedRequest request) => request.Path switch
    {
        "metadata" => Task.FromResult(Answer.Of(200, Capability.StatementOf(vendor, baseUrl, Auth))),
        ".well-known/smart-configuration" => Task.FromResult(Auth is { Discovery: not SmartDiscovery.CapabilityStatement }
            ? Answer.Of(200, Auth.SmartConfiguration()) with { ContentType = "application/json" }
            : Answer.Error(404, "Not found", vendor.Errors)),
        _ => null,
    };

    private Task<Answer>? Refused(RecordedRequest request)
    {
        Answer? refusal = null;
        if (vendor.MaxUrlLength > 0 && request.Url.AbsoluteUri.Length > vendor.MaxUrlLength)
        {
            refusal = Answer.Error(414, "The URL is too long", vendor.Errors);
        }
        else if (vendor.ThrottleEvery > 0 && Interlocked.Increment(ref throttled) % vendor.ThrottleEvery == 0)
        {
            refusal = Answer.Error(429, "Too many requests", vendor.Errors).With("x-ms-retry-after-ms", "100");
        }
        else
        {
            refusal = Verdict(request) switch
            {
                TokenVerdict.Invalid => Answer.Error(401, "The token is not valid", vendor.Errors).With("WWW-Authenticate", "Bearer error=\"invalid_token\""),
                TokenVerdict.InsufficientScope => Answer.Error(403, "The scopes do not allow this", vendor.Errors).With("WWW-Authenticate", "Bearer error=\"insufficient_scope\""),
                _ => null,
            };
        }

        return refusal is null ? null : Task.FromResult(refusal);
    }

    private TokenVerdict Verdict(RecordedRequest request)
    {
        if (Auth is null)
        {
            return TokenVerdict.Good;
        }

        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var letter = (request.Method, parts.Length) switch
        {
            ("POST", 2) => 's',
            ("POST", _) => 'c',
            ("PUT", _) => 'u',
            (_, > 1) => 'r',
            _ => 's',
        };
        IEnumerable<string> types = parts.Length > 0 ? [parts[0]]
            : request.Method == "POST" ? (Body(request)?["entry"]?.AsArray() ?? []).Select(e => e?["resource"]?["resourceType"]?.ToString() ?? "")
            : [Searches.TypeOfPage(request) ?? ""];
        return types.Select(t => Auth.Judge(request.Authorization, t, letter)).DefaultIfEmpty(TokenVerdict.InsufficientScope).Max();
    }

    private async Task<Answer> ServedAsync(RecordedRequest request)
    {
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 0 && !vendor.Types.ContainsKey(parts[0]))
        {
            return Answer.Error(404, $"{parts[0]} is not supported", vendor.Errors);
        }

        return (request.Method, parts) switch
        {
            ("GET", _) when request.IsNextPage => Searches.Page(request),
            ("GET", [_]) or ("POST", [_, "_search"]) => Searches.Search(request),
            ("GET", ["Patient", var id, "$everything"]) when vendor.Everything => Read("Patient", id, patient => Searches.Everything(patient, request)),
            ("GET", [var type, var id]) => Read(type, id, found => Answer.Of(200, found).With("ETag", $"W/\"{found["meta"]!["versionId"]}\"")),
            ("POST", []) => writes.Transaction(Body(request)),
            ("POST", [_]) => await writes.CreateAsync(Body(request), request),
            ("PUT", [_, _]) => writes.Update(Body(request), request),
            _ => Answer.Error(404, "Not found", vendor.Errors),
        };
    }

    private Answer Read(string type, string id, Func<JsonObject, Answer> answer) =>
        Store.Read(type, id) is { } found ? answer(found) : Answer.Error(404, $"{type}/{id} is not known", vendor.Errors);

    private static JsonObject? Body(RecordedRequest request)
    {
        try
        {
            return request.Body.Length == 0 ? null : JsonNode.Parse(request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
