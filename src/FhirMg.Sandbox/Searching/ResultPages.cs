using System.Collections.Concurrent;
using System.Security.Cryptography;
using FhirMg.Sandbox.Fhir;

namespace FhirMg.Sandbox.Searching;

/// <summary>The rest of a search that has more matches than a page holds.</summary>
/// <param name="Query">The search.</param>
/// <param name="State">What it searched: pages never shift under a reader.</param>
/// <param name="Matches">All its matches.</param>
/// <param name="Offset">Where the page begins.</param>
internal sealed record ResultPage(SearchQuery Query, StoreState State, IReadOnlyList<StoredVersion> Matches, int Offset);

/// <summary>Keeps pages under opaque links for a while.</summary>
internal sealed class ResultPages
{
    private const int MostKept = 2000;
    private readonly ConcurrentDictionary<string, ResultPage> _pages = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public string Keep(ResultPage page)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _pages[token] = page;
        _order.Enqueue(token);
        while (_order.Count > MostKept && _order.TryDequeue(out var oldest))
        {
            _pages.TryRemove(oldest, out _);
        }

        return token;
    }

    /// <exception cref="FhirException">The page is not kept any more (410).</exception>
    public ResultPage Find(string type, string token) => _pages.TryGetValue(token, out var page) && page.Query.Type == type ? page
        : throw new FhirException(StatusCodes.Status410Gone, "not-found", "This page is not kept any more: search again.");

    /// <summary>Forgets every page, so that next links answer 410.</summary>
    public void Expire() => _pages.Clear();
}
