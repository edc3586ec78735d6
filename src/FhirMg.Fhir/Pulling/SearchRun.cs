using System.Net;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Fhir.Pulling;

/// <summary>Makes one search to its last page.</summary>
internal sealed class SearchRun(FhirServer server, Knowledge knowledge)
{
    private const int MostPages = 2000;

    /// <summary>The pages' bodies in order; null when the server does not offer the search.</summary>
    /// <param name="search">The search.</param>
    /// <param name="warnings">Takes what the server says beside results.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FhirServerException">The search was begun and could not be brought to its end: a part never passes for the whole.</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadAsync(PlannedSearch search, ICollection<string> warnings, CancellationToken cancellationToken)
    {
        var refusal = "";
        List<ReadOnlyMemory<byte>>? empty = null;
        foreach (var url in search.Urls)
        {
            var (pages, said, resources) = await FollowAsync(search.Type, url, warnings, restart: true, cancellationToken).ConfigureAwait(false);
            if (pages is not null && resources == 0 && search.GoesOnWhenEmpty && url == search.Urls[0])
            {
                empty = pages;
            }
            else if (pages is not null)
            {
                return pages;
            }
            else
            {
                refusal = said!;
            }
        }

        if (empty is not null)
        {
            return empty;
        }

        lock (warnings)
        {
            warnings.Add($"{search.Type} could not be read: {refusal}");
        }

        return null;
    }

    private async Task<(List<ReadOnlyMemory<byte>>? Pages, string? Refusal, int Resources)> FollowAsync(
        string type, string url, ICollection<string> warnings, bool restart, CancellationToken cancellationToken)
    {
        var pages = new List<ReadOnlyMemory<byte>>();
        var resources = 0;
        var seen = new HashSet<Uri>();
        for (var next = server.Resolve(url); ;)
        {
            if (!seen.Add(next) || seen.Count > MostPages)
            {
                throw Fault(type, "its pages lead in a circle: tell the server's operator");
            }

            var (body, page, refusal) = await ReadPageAsync(type, next, pages.Count > 0, cancellationToken).ConfigureAwait(false);
            if (page is null)
            {
                // An expired page cursor costs the pages so far, once.
                return refusal!.Value.Status != HttpStatusCode.Gone || pages.Count == 0 ? (null, refusal.Value.Text, 0)
                    : restart ? await FollowAsync(type, url, warnings, restart: false, cancellationToken).ConfigureAwait(false)
                    : throw Fault(type, "its pages expire before they can be read: ask for more time or larger pages");
            }

            pages.Add(body);
            resources += page.Resources;
            if (page.Outcomes.Count > 0)
            {
                lock (warnings)
                {
                    warnings.Add($"{type}: {string.Join("; ", page.Outcomes)}");
                }
            }

            if (page.Next is not { } link)
            {
                return (pages, null, resources);
            }

            next = Uri.TryCreate(next, link, out var resolved) ? resolved : throw Fault(type, "it sent a next link that is no url");
        }
    }

    private async Task<(ReadOnlyMemory<byte> Body, SearchPage? Page, (HttpStatusCode Status, string Text)? Refusal)> ReadPageAsync(
        string type, Uri url, bool begun, CancellationToken cancellationToken)
    {
        var (response, page) = await Readable.GetAsync(server, knowledge, type, "Bundle", url.AbsoluteUri, cancellationToken).ConfigureAwait(false);
        if (page is not null)
        {
            return (response.Body, page, null);
        }

        return Http.Repeatable.IsTransient(response.Status) || (begun && response.Status != HttpStatusCode.Gone)
            ? throw Fault(type, $"it answers {(int)response.Status} ({response.Said()})", response.Status)
            : (default, null, (response.Status, $"{(int)response.Status} ({response.Said()})"));
    }

    private FhirServerException Fault(string type, string problem, HttpStatusCode? status = null) =>
        new(server.Options.Name, status is null ? ServerFault.Unreadable : ServerFault.Unavailable, $"{type}: {problem}") { Status = (int?)status };
}
