using System.Text.Json.Nodes;
using FhirMg.Sandbox.Access;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Fhir;

/// <summary>Answers searches as Bundles, a page at a time.</summary>
internal sealed class SearchAnswers(Grant grant, VendorProfile vendor, ResultPages pages, ServerAddress address, Interactions interactions)
{
    public JsonObject Search(StoreState state, string type, IEnumerable<KeyValuePair<string, string>> parameters, bool lenient)
    {
        interactions.RequireKept(type);
        grant.Require(type, Permission.Search);
        var given = parameters.ToList();
        var query = SearchQuery.Parse(type, given, address, lenient, name => vendor.Searches(type, name));
        var matches = query.Find(state, resource => grant.Sees(resource, Permission.Search));
        return query.CountOnly
            ? new() { ["resourceType"] = "Bundle", ["type"] = "searchset", ["total"] = matches.Count }
            : Bundle(new(query, state, matches, 0), $"{type}?{string.Join('&', given.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}");
    }

    public JsonObject Page(string type, string token)
    {
        grant.Require(type, Permission.Search);
        return Bundle(pages.Find(type, token), $"{type}?_page={token}");
    }

    /// <summary><c>Patient/id/$everything</c>: the patient and all of its compartment that the grant shows.</summary>
    public JsonObject Everything(StoreState state, string id)
    {
        interactions.Read(state, "Patient", id);
        var seen = SearchParameters.Kept.Where(vendor.Keeps).SelectMany(state.Of).Where(resource => Compartment.Holds(resource, id, address) == true && grant.Sees(resource, Permission.Read)).ToList();
        var referred = seen.SelectMany(resource => resource.Content!.At("medicationReference.reference")).Select(JsonPath.Text).OfType<string>().Distinct()
            .Select(reference => reference.Split('/')).Select(parts => parts is [var type, var other] && state.TryGet(type, other, out var found) ? found : null)
            .OfType<StoredVersion>().Where(resource => grant.Sees(resource, Permission.Read));
        return Bundle("searchset", seen.OrderBy(resource => resource.Type != "Patient").Concat(referred).Select(resource => Entry(resource, "match")), seen.Count, []);
    }

    public JsonObject History(StoreState state, string type, string id)
    {
        interactions.RequireKept(type);
        grant.Require(type, Permission.Read);
        var versions = state.Versions(type, id);
        if (versions.IsEmpty)
        {
            throw FhirException.NotFound($"There is no {type}/{id}.");
        }

        if (versions.LastOrDefault(version => version.Content is not null) is { } last)
        {
            grant.RequireSight(last, Permission.Read);
        }

        return Bundle("history", versions.Reverse().Select(HistoryEntry), versions.Count, [("self", $"{type}/{id}/_history")]);
    }

    private JsonObject Bundle(ResultPage page, string self)
    {
        var shown = page.Matches.Skip(page.Offset).Take(page.Query.Count).Where(resource => grant.Sees(resource, Permission.Search)).ToList();
        var included = page.Query.Included(page.State, shown, resource => grant.Sees(resource, Permission.Read));
        List<(string, string)> links = [("self", self)];
        if (page.Offset + page.Query.Count < page.Matches.Count)
        {
            links.Add(("next", $"{page.Query.Type}?_page={pages.Keep(page with { Offset = page.Offset + page.Query.Count })}"));
        }

        var entries = shown.Select(resource => Entry(resource, "match")).Concat(included.Select(resource => Entry(resource, "include")));
        if (page.Query.PassedOver is { Count: > 0 } unknown)
        {
            entries = entries.Append(new JsonObject
            {
                ["resource"] = Outcome.Of("warning", "not-supported", $"Passed over: {string.Join(", ", unknown)}."),
                ["search"] = new JsonObject { ["mode"] = "outcome" },
            });
        }

        return Bundle("searchset", entries, page.Matches.Count, links);
    }

    private JsonObject Bundle(string type, IEnumerable<JsonObject> entries, int total, IEnumerable<(string Relation, string Url)> links)
    {
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = type,
            ["total"] = total,
            ["link"] = new JsonArray([.. links.Select(link => new JsonObject { ["relation"] = link.Relation, ["url"] = $"{address.FhirBase}/{link.Url}" })]),
        };
        var all = new JsonArray([.. entries]);
        if (all.Count > 0)
        {
            bundle["entry"] = all;
        }

        return bundle;
    }

    private JsonObject Entry(StoredVersion resource, string mode) => new()
    {
        ["fullUrl"] = $"{address.FhirBase}/{resource.Reference}",
        ["resource"] = resource.Content!.DeepClone(),
        ["search"] = new JsonObject { ["mode"] = mode },
    };

    private JsonObject HistoryEntry(StoredVersion version)
    {
        var entry = new JsonObject
        {
            ["fullUrl"] = $"{address.FhirBase}/{version.Reference}",
            ["request"] = new JsonObject { ["method"] = version.Method, ["url"] = version.Method == "POST" ? version.Type : version.Reference },
            ["response"] = new JsonObject { ["status"] = version.Content is null ? "204" : version.Version == 1 ? "201" : "200", ["etag"] = version.ETag },
        };
        if (version.Content is not null)
        {
            entry["resource"] = version.Content.DeepClone();
        }

        return entry;
    }
}
