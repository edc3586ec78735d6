using System.Globalization;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Fhir;

/// <summary>Transaction and batch bundles.</summary>
internal sealed class Transactions(FhirStore store, Interactions interactions, SearchAnswers searches, ServerAddress address)
{
    private static readonly string[] Order = ["DELETE", "POST", "PUT", "GET"];

    private sealed record Step(int Index, string? FullUrl, string Method, string Url, JsonObject? Resource, string? IfNoneExist, string? IfMatch)
    {
        /// <summary>Where a create will stand, so that others may refer to it.</summary>
        public string NewId { get; } = StoreChange.NewId();

        public string Type => Url.Split('?', '/')[0];
    }

    public JsonObject Run(JsonObject bundle, bool minimal)
    {
        var type = bundle.TextAt("type");
        if (bundle.TextAt("resourceType") != "Bundle" || type is not ("transaction" or "batch"))
        {
            throw FhirException.Invalid("The base takes Bundles of the type transaction or batch.");
        }

        var entries = (bundle["entry"] as JsonArray ?? []).Select(entry => entry as JsonObject ?? []).ToList();
        var answers = type == "transaction" ? Transact(entries) : [.. entries.Select((entry, index) => Single(entry, index))];
        return new()
        {
            ["resourceType"] = "Bundle",
            ["type"] = $"{type}-response",
            ["entry"] = new JsonArray([.. answers.Select(answer => Response(answer, minimal))]),
        };
    }

    private FhirAnswer[] Transact(List<JsonObject> entries) => store.Change(change =>
    {
        var steps = entries.Select((entry, index) => Parse((JsonObject)entry.DeepClone(), index)).ToList();
        RequireOneWriteEach(steps);
        Link(change.State, steps);
        var answers = new FhirAnswer[steps.Count];
        foreach (var step in steps.OrderBy(step => Array.IndexOf(Order, step.Method)))
        {
            answers[step.Index] = Run(change, step);
        }

        return answers;
    });

    // Each entry of a batch stands alone: one that fails costs itself only.
    private FhirAnswer Single(JsonObject entry, int index)
    {
        try
        {
            return store.Change(change => Run(change, Parse((JsonObject)entry.DeepClone(), index)));
        }
        catch (FhirException e)
        {
            return new(e.StatusCode, Outcome.Of(e));
        }
    }

    private static Step Parse(JsonObject entry, int index)
    {
        var method = entry.TextAt("request.method");
        var url = entry.TextAt("request.url");
        if (method is null || url is null || !Order.Contains(method))
        {
            throw FhirException.Invalid($"Bundle.entry[{index}].request needs a url and a method of {string.Join(", ", Order)}.");
        }

        return new(index, entry.TextAt("fullUrl"), method, url.TrimStart('/'), entry["resource"] as JsonObject, entry.TextAt("request.ifNoneExist"), entry.TextAt("request.ifMatch"));
    }

    private static void RequireOneWriteEach(List<Step> steps)
    {
        var twice = steps.Where(step => step.Method is "PUT" or "DELETE").GroupBy(step => step.Url, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)
            ?? steps.Where(step => step.FullUrl is not null).GroupBy(step => step.FullUrl!, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw FhirException.Invalid($"The transaction names {twice.Key} twice.");
        }
    }

    // References by fullUrl and by search become references by id, before anything is written.
    private void Link(StoreState state, List<Step> steps)
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in steps.Where(step => step is { FullUrl: not null, Method: "POST" or "PUT" }))
        {
            var existing = step is { Method: "POST", IfNoneExist: { } condition } ? interactions.ExistingFor(state, step.Type, condition) : null;
            places[step.FullUrl!] = step.Method == "PUT" ? step.Url : existing?.Reference ?? $"{step.Type}/{step.NewId}";
        }

        foreach (var step in steps)
        {
            JsonPath.RewriteReferences(step.Resource, reference => Place(state, places, reference, step));
        }
    }

    private string Place(StoreState state, Dictionary<string, string> places, string reference, Step step)
    {
        if (places.TryGetValue(reference, out var place))
        {
            return place;
        }

        if (reference.StartsWith("urn:", StringComparison.Ordinal))
        {
            throw FhirException.Invalid($"Bundle.entry[{step.Index}] refers to {reference}, which is no fullUrl of the bundle.");
        }

        var question = reference.IndexOf('?', StringComparison.Ordinal);
        return question < 0 || !SearchParameters.Keeps(reference[..question]) ? reference
            : interactions.ExistingFor(state, reference[..question], reference)?.Reference ?? throw FhirException.Condition($"Bundle.entry[{step.Index}]: nothing matches {reference}.");
    }

    private FhirAnswer Run(StoreChange change, Step step)
    {
        var query = step.Url.IndexOf('?', StringComparison.Ordinal);
        var path = (query < 0 ? step.Url : step.Url[..query]).Split('/');
        try
        {
            return (step.Method, path) switch
            {
                ("POST", [var type]) => interactions.Create(change, type, Body(step), step.IfNoneExist, step.NewId),
                ("PUT", [var type, var id]) => interactions.Update(change, type, id, Body(step), step.IfMatch),
                ("DELETE", [var type, var id]) => interactions.Delete(change, type, id, step.IfMatch),
                ("GET", [var type, var id]) => interactions.Read(change.State, type, id),
                ("GET", [var type]) => new(StatusCodes.Status200OK, searches.Search(change.State, type, SearchQuery.Parameters(query < 0 ? "" : step.Url[query..]), lenient: false)),
                _ => throw FhirException.NotSupported($"{step.Method} {step.Url} is not served in bundles."),
            };
        }
        catch (FhirException e)
        {
            throw new FhirException(e.StatusCode, e.Code, $"Bundle.entry[{step.Index}] ({step.Method} {path[0]}): {e.Message}");
        }
    }

    private static JsonObject Body(Step step) => step.Resource ?? throw FhirException.Invalid("it has no resource.");

    private JsonObject Response(FhirAnswer answer, bool minimal)
    {
        var response = new JsonObject { ["status"] = answer.Status.ToString(CultureInfo.InvariantCulture) + " " + Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(answer.Status) };
        if (answer is { Version: { } version })
        {
            response["etag"] = version.ETag;
            response["lastModified"] = version.LastUpdated.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
            if (answer.IsWrite)
            {
                response["location"] = $"{address.FhirBase}/{version.Reference}/_history/{version.Version}";
            }
        }

        var entry = new JsonObject();
        if (answer.Status >= StatusCodes.Status400BadRequest)
        {
            response["outcome"] = answer.Body?.DeepClone();
        }
        else if (answer.Body is not null && !(answer.IsWrite && minimal))
        {
            entry["resource"] = answer.Body.DeepClone();
        }

        entry["response"] = response;
        return entry;
    }
}
