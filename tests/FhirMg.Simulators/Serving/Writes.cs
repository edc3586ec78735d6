using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>Creates, updates and transactions, the way one vendor answers them.</summary>
internal sealed class Writes(VendorProfile vendor, Store store, Searchsets searches, Uri baseUrl)
{
    public async Task<Answer> CreateAsync(JsonObject? resource, RecordedRequest request)
    {
        if (Refused(request.Type, resource) is { } refusal)
        {
            return refusal;
        }

        if (request.Headers.GetValueOrDefault("If-None-Exist") is { } criteria)
        {
            if (Existing(request.Type, criteria, out var found) is { } problem)
            {
                return problem;
            }

            if (found is not null)
            {
                return Written(200, found, request);
            }

            await Task.Delay(vendor.ConditionalRace);
        }

        return Written(201, store.Create(Kept(resource!)), request);
    }

    public Answer Update(JsonObject? resource, RecordedRequest request)
    {
        var id = request.Path.Split('/')[1];
        if (Refused(request.Type, resource, isCreate: false) is { } refusal)
        {
            return refusal;
        }

        if (resource!["id"]?.ToString() != id)
        {
            return Answer.Error(400, "The id of the resource is not that of the URL", vendor.Errors);
        }

        var existed = store.Read(request.Type, id) is not null;
        return store.Update(Kept(resource), Version(request.Headers.GetValueOrDefault("If-Match"))) is { } stored
            ? Written(existed ? 200 : 201, stored, request)
            : Answer.Error(vendor.VersionConflict, "The version is not the current one", vendor.Errors);
    }

    public Answer Transaction(JsonObject? bundle)
    {
        if (!vendor.Transactions)
        {
            return Answer.Error(405, "Transactions are not supported", vendor.Errors);
        }

        if (bundle?["type"]?.ToString() != "transaction" || bundle["entry"] is not JsonArray entries)
        {
            return Answer.Error(400, "A transaction Bundle with entries is expected", vendor.Errors);
        }

        if (entries.Count > vendor.MaxConditionalTransaction && entries.Any(e => e?["request"]?["ifNoneExist"] is not null))
        {
            return Answer.Error(400, "Transaction requires strict isolation but has too many entries", vendor.Errors);
        }

        return store.Atomically(() => Carried(entries));
    }

    private Answer Carried(JsonArray entries)
    {
        var names = new Dictionary<string, string>();
        var existing = new HashSet<int>();
        for (var i = 0; i < entries.Count; i++)
        {
            var (method, url) = (entries[i]?["request"]?["method"]?.ToString(), entries[i]?["request"]?["url"]?.ToString());
            if (method is not ("POST" or "PUT") || url is null)
            {
                return Answer.Error(400, $"Entry {i} is neither POST nor PUT", vendor.Errors);
            }

            var type = url.Split('/')[0];
            if (Refused(type, entries[i]!["resource"] as JsonObject, isCreate: method == "POST") is { } refusal)
            {
                return refusal;
            }

            JsonObject? found = null;
            if (method == "POST" && entries[i]!["request"]!["ifNoneExist"]?.ToString() is { } criteria && Existing(type, criteria, out found) is { } problem)
            {
                return problem;
            }

            if (found is not null)
            {
                existing.Add(i);
            }

            names[entries[i]!["fullUrl"]?.ToString() ?? $"#{i}"] = method == "PUT" ? url : $"{type}/{found?["id"]?.ToString() ?? store.Reserve()}";
        }

        return Answered(entries, names, existing);
    }

    private Answer Answered(JsonArray entries, Dictionary<string, string> names, HashSet<int> existing)
    {
        var answers = new JsonArray();
        for (var i = 0; i < entries.Count; i++)
        {
            var name = names[entries[i]!["fullUrl"]?.ToString() ?? $"#{i}"].Split('/');
            var existed = store.Read(name[0], name[1]) is not null;
            var stored = existing.Contains(i) ? store.Read(name[0], name[1]) : store.Update(Kept(Resolved(entries[i]!, names, name[1])), Version(entries[i]!["request"]!["ifMatch"]?.ToString()));
            if (stored is null)
            {
                return Answer.Error(vendor.VersionConflict, $"Entry {i}: the version is not the current one", vendor.Errors);
            }

            answers.Add(new JsonObject
            {
                ["response"] = new JsonObject { ["status"] = existed ? "200 OK" : "201 Created", ["location"] = $"{Name(stored)}/_history/{stored["meta"]!["versionId"]}", ["etag"] = Tag(stored) },
            });
        }

        return Answer.Of(200, new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction-response", ["entry"] = answers });
    }

    private static JsonObject Resolved(JsonNode entry, Dictionary<string, string> names, string id)
    {
        var text = entry["resource"]!.ToJsonString();
        foreach (var (placeholder, name) in names.Where(n => n.Key.StartsWith("urn:", StringComparison.Ordinal)))
        {
            text = text.Replace($"\"{placeholder}\"", $"\"{name}\"", StringComparison.Ordinal);
        }

        var resource = JsonNode.Parse(text)!.AsObject();
        resource["id"] = id;
        return resource;
    }

    private JsonObject Kept(JsonObject resource)
    {
        if (!vendor.DropsExtensions)
        {
            return resource;
        }

        var kept = resource.DeepClone().AsObject();
        Drop(kept);
        return kept;
    }

    private static void Drop(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var name in members.Select(m => m.Key).Where(name => name == "extension" || name[0] == '_').ToList())
            {
                members.Remove(name);
            }
        }

        foreach (var child in node switch { JsonObject parent => parent.Select(m => m.Value), JsonArray items => items, _ => (IEnumerable<JsonNode?>)[] })
        {
            Drop(child);
        }
    }

    private Answer? Refused(string type, JsonObject? resource, bool isCreate = true)
    {
        if (!vendor.Types.TryGetValue(type, out var support))
        {
            return Answer.Error(404, $"{type} is not supported", vendor.Errors);
        }

        if (!support.Write)
        {
            return Answer.Error(405, $"{type} cannot be written", vendor.Errors);
        }

        if (resource?["resourceType"]?.ToString() != type)
        {
            return Answer.Error(400, $"A {type} is expected", vendor.Errors);
        }

        var rule = support.CreateOnly.Select(r => r.Split('=')).FirstOrDefault(r => !r[1].Split('|').Contains(resource[r[0]]?.ToString()));
        return isCreate && rule is not null ? Answer.Error(422, $"{rule[0]} has to be one of {rule[1]}", vendor.Errors) : null;
    }

    private Answer? Existing(string type, string criteria, out JsonObject? found)
    {
        var matches = searches.Conditional(type, criteria);
        found = matches?.Count == 1 ? matches[0] : null;
        return matches switch
        {
            null => Answer.Error(400, "The condition is not understood", vendor.Errors),
            { Count: > 1 } => Answer.Error(412, "The condition matches more than one resource", vendor.Errors),
            _ => null,
        };
    }

    private Answer Written(int status, JsonObject resource, RecordedRequest request)
    {
        var minimal = vendor.EmptyWriteAnswers || request.Headers.GetValueOrDefault("Prefer")?.Contains("return=minimal", StringComparison.Ordinal) == true;
        var answer = (minimal ? new Answer(status) : Answer.Of(status, resource)).With("ETag", Tag(resource));
        return status == 201 ? answer.With("Location", $"{baseUrl.AbsoluteUri.TrimEnd('/')}/{Name(resource)}/_history/{resource["meta"]!["versionId"]}") : answer;
    }

    private static string Name(JsonObject resource) => $"{resource["resourceType"]}/{resource["id"]}";

    private static string Tag(JsonObject resource) => $"W/\"{resource["meta"]!["versionId"]}\"";

    private static string? Version(string? ifMatch) => ifMatch?.Replace("W/", "", StringComparison.Ordinal).Trim('"', ' ');
}
