using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <content>What goes wrong between the pages of a search.</content>
public static partial class Faults
{
    /// <summary>A page whose next link is itself.</summary>
    public static Fault PageLoop() => ChangedSearchset("page loop", (request, bundle) => SetNext(bundle, request.Url.AbsoluteUri));

    /// <summary>A second page whose next link is the first page: a longer loop. Wants a search of at least two pages.</summary>
    public static Fault PageLoopToFirst()
    {
        string? first = null;
        return ChangedSearchset("page loop to the first", (request, bundle) =>
        {
            if (!request.IsNextPage)
            {
                first = request.Url.AbsoluteUri;
            }
            else if (first is not null)
            {
                SetNext(bundle, first);
            }
        });
    }

    /// <summary>Next links that have expired: 410. <c>.Once()</c> lets the repeated search through.</summary>
    public static Fault GoneOnNextLink(ErrorStyle style = ErrorStyle.OperationOutcome) => Status(410, style).When(request => request.IsNextPage);

    /// <summary>Pages that shift while they are read: each following page begins with the last entry of the one before.</summary>
    public static Fault DuplicatesAcrossPages()
    {
        JsonNode? last = null;
        return ChangedSearchset("duplicates across pages", (request, bundle) =>
        {
            if (bundle["entry"] is not JsonArray entries || entries.Count == 0)
            {
                return;
            }

            var before = request.IsNextPage ? last : null;
            last = entries.Last(e => e?["resource"]?["resourceType"]?.ToString() != "OperationOutcome")?.DeepClone();
            if (before is not null)
            {
                entries.Insert(0, before.DeepClone());
            }
        });
    }

    /// <summary>A next link to another place: a client that follows it with its token gives the token away.</summary>
    public static Fault NextLinkTo(Uri place) =>
        ChangedSearchset("next link elsewhere", (request, bundle) => SetNext(bundle, place.AbsoluteUri.TrimEnd('/') + "/" + request.Path + "?stolen=1"));

    /// <summary>A next link that is not a URL.</summary>
    public static Fault GarbageNextLink() => ChangedSearchset("garbage next link", (_, bundle) => SetNext(bundle, "http://[not a url"));

    /// <summary>A total that is far off.</summary>
    public static Fault WrongTotal(int total = 0) => ChangedSearchset("wrong total", (_, bundle) => bundle["total"] = total);

    /// <summary>An OperationOutcome entry in every searchset, without <c>search.mode</c>.</summary>
    public static Fault OutcomeEntry() => ChangedSearchset("OperationOutcome entry", (_, bundle) =>
    {
        var outcome = Answer.Error(200, "Some results may be missing", ErrorStyle.OperationOutcome).Json;
        if (bundle["entry"] is not JsonArray entries)
        {
            bundle["entry"] = entries = [];
        }

        entries.Add(new JsonObject { ["resource"] = outcome });
    });

    /// <summary>Entries of another patient: a server whose search does not keep patients apart.</summary>
    public static Fault WrongPatient(JsonObject resource) => ChangedSearchset("wrong patient", (_, bundle) =>
    {
        if (bundle["entry"] is JsonArray entries)
        {
            entries.Add(new JsonObject { ["resource"] = resource.DeepClone(), ["search"] = new JsonObject { ["mode"] = "match" } });
        }
    });

    private static void SetNext(JsonObject bundle, string url)
    {
        if (bundle["link"] is not JsonArray links)
        {
            bundle["link"] = links = [];
        }

        links.RemoveAll(l => l?["relation"]?.ToString() == "next");
        links.Add(new JsonObject { ["relation"] = "next", ["url"] = url });
    }
}
