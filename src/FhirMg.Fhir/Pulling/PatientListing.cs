using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Pulling;

/// <summary>Finds the patients of a server, or of a Group at it, page by page.</summary>
public sealed class PatientListing(FhirServer server, Knowledge knowledge)
{
    private const int MostRestarts = 3;

    // From the smallest answer to the plainest question.
    private static readonly string[] Searches = ["Patient?_elements=id&_count=500", "Patient?_count=200", "Patient"];

    /// <summary>The ids of all patients, each once.</summary>
    /// <exception cref="FhirServerException">They cannot be listed to the end: a part never passes for the whole.</exception>
    public async IAsyncEnumerable<string> AllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var search = 0;
        var restarts = 0;
        var seen = new HashSet<Uri>();
        for (var next = server.Resolve(Searches[0]); ;)
        {
            if (!seen.Add(next))
            {
                throw Fault(ServerFault.Unreadable, "the pages of its patients lead in a circle: tell the server's operator");
            }

            var (response, page) = await Readable.GetAsync(server, knowledge, "Patient", "Bundle", next.AbsoluteUri, cancellationToken).ConfigureAwait(false);
            if (page is null)
            {
                var isFirst = seen.Count == 1;
                if (isFirst && !response.IsTransient && search < Searches.Length - 1)
                {
                    search++;
                }
                else if (isFirst || response.Status != HttpStatusCode.Gone || ++restarts > MostRestarts)
                {
                    throw Fault(response.IsTransient ? ServerFault.Unavailable : ServerFault.Refused, $"its patients cannot be listed: {(int)response.Status} ({response.Said()})", response.Status);
                }

                // An expired page cursor, or a search that is not understood: from the beginning; those already found are known.
                seen.Clear();
                next = server.Resolve(Searches[search]);
                continue;
            }

            foreach (var id in PatientsOn(response.Body).Where(found.Add))
            {
                yield return id;
            }

            if (page.Next is not { } link)
            {
                yield break;
            }

            next = Uri.TryCreate(next, link, out var resolved) ? resolved : throw Fault(ServerFault.Unreadable, "it sent a next link that is no url");
        }
    }

    /// <summary>The ids of a Group's patients, each once, those of Groups within it included; members that have left do not count.</summary>
    /// <exception cref="FhirServerException">The Group cannot be read.</exception>
    public async Task<IReadOnlyList<string>> OfGroupAsync(string group, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal) { group };
        var rest = new Queue<string>(seen);
        while (rest.TryDequeue(out var next))
        {
            var response = await server.GetAsync($"Group/{Uri.EscapeDataString(next)}", cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccess)
            {
                throw Fault(response.IsTransient ? ServerFault.Unavailable : ServerFault.Refused, response.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone
                    ? $"there is no Group/{next}: check the id"
                    : $"Group/{next} cannot be read: {(int)response.Status} ({response.Said()})", response.Status);
            }

            foreach (var (type, id) in MembersOf(response.Body, next))
            {
                if (type == "Patient")
                {
                    found.Add(id);
                }
                else if (type == "Group" && seen.Add(id))
                {
                    rest.Enqueue(id);
                }
            }
        }

        return [.. found];
    }

    private static List<string> PatientsOn(ReadOnlyMemory<byte> page)
    {
        using var bundle = JsonDocument.Parse(page);
        return [.. ServerCapability.Items(bundle.RootElement, "entry")
            .Select(entry => entry.TryGetProperty("resource", out var resource) ? resource : default)
            .Where(resource => ServerCapability.Text(resource, "resourceType") == "Patient")
            .Select(resource => ServerCapability.Text(resource, "id")).OfType<string>()];
    }

    private List<(string Type, string Id)> MembersOf(ReadOnlyMemory<byte> body, string group)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (ServerCapability.Text(document.RootElement, "resourceType") != "Group")
            {
                throw Fault(ServerFault.Unreadable, $"what it sent for Group/{group} is no Group");
            }

            return [.. ServerCapability.Items(document.RootElement, "member")
                .Where(member => !(member.TryGetProperty("inactive", out var inactive) && inactive.ValueKind == JsonValueKind.True))
                .Select(member => member.TryGetProperty("entity", out var entity) ? ServerCapability.Text(entity, "reference") : null)
                .Select(LastTwo).OfType<(string, string)>()];
        }
        catch (JsonException e)
        {
            throw new FhirServerException(server.Options.Name, ServerFault.Unreadable, $"what it sent for Group/{group} is no JSON", e);
        }
    }

    private (string Type, string Id)? LastTwo(string? reference)
    {
        if (reference is null || (Uri.TryCreate(reference, UriKind.Absolute, out var url) && !server.Options.Owns(url)))
        {
            return null;
        }

        var parts = reference.Split("/_history/")[0].Split('/');
        return parts.Length >= 2 ? (parts[^2], parts[^1]) : null;
    }

    private FhirServerException Fault(ServerFault fault, string problem, HttpStatusCode? status = null) => new(server.Options.Name, fault, problem) { Status = (int?)status };
}
