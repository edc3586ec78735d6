using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Fhir.Pulling;

/// <summary>Gets answers that can be read: one that broke off, or is a log-in page, is asked for again and never evaluated.</summary>
internal static class Readable
{
    private const int MostReadings = 4;

    /// <summary>The answer to a GET, with what it holds; no page when its status is an error.</summary>
    /// <param name="server">The server.</param>
    /// <param name="knowledge">The knowledge to read with.</param>
    /// <param name="type">What is asked for, for messages.</param>
    /// <param name="expected">The resource type that the answer must have.</param>
    /// <param name="url">Relative to the base, or absolute.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FhirServerException">The server could not be used, kept sending what nobody can read, or does not take the token that somebody brought.</exception>
    public static async Task<(FhirResponse Response, SearchPage? Page)> GetAsync(
        FhirServer server, Knowledge knowledge, string type, string expected, string url, CancellationToken cancellationToken)
    {
        for (var reading = 1; ; reading++)
        {
            var response = await server.GetAsync(url, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccess)
            {
                server.RequireTaken(response);
                return (response, null);
            }

            var page = new SearchPages(knowledge).Add(response.Body.Span, type);
            if (page.Fault is null && page.Type == expected)
            {
                return (response, page);
            }

            if (reading == MostReadings)
            {
                var problem = page.Fault?.Problem ?? $"the answer is no {expected} but {(page.Type?.Length > 0 ? page.Type : "no resource")} ({response.Said()})";
                throw new FhirServerException(server.Options.Name, ServerFault.Unreadable, $"{type}: {problem}, {MostReadings} times over");
            }
        }
    }
}
