using System.Text.Json;
using FhirMg.Fhir.Servers;

namespace FhirMg.Cli.Servers;

/// <summary>Finds the one patient with an identifier; never guesses between several.</summary>
internal sealed class IdentifierSearch(FhirServer server)
{
    private const int MostPages = 20;

    /// <summary>The patient's id.</summary>
    /// <exception cref="FhirServerException">There is not exactly one, or the server could not be asked.</exception>
    public async Task<string> FindAsync(AskedPatient asked, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var others = 0;
        var seen = new HashSet<Uri>();
        for (Uri? next = server.Resolve($"Patient?identifier={Uri.EscapeDataString($"{Escape(asked.System)}|{Escape(asked.Value)}")}"); next is not null && seen.Add(next) && seen.Count <= MostPages;)
        {
            using var page = await PageAsync(next, cancellationToken).ConfigureAwait(false);
            foreach (var patient in Patients(page.RootElement))
            {
                // A server that does not know the parameter may pass over it and send whom it likes.
                if (Text(patient, "id") is { } id && Has(patient, asked.Value))
                {
                    ids.Add(id);
                }
                else
                {
                    others++;
                }
            }

            next = Items(page.RootElement, "link").Where(link => Text(link, "relation") == "next").Select(link => Text(link, "url")).FirstOrDefault() is { } url
                && Uri.TryCreate(next, url, out var resolved) ? resolved : null;
        }

        return ids.Count switch
        {
            1 => ids.First(),
            0 when others > 0 => throw Fault($"it sent {others} patients of whom none has this identifier, so it does not search by it: name the patient by --patient ID"),
            0 => throw Fault("there is no patient with this identifier: check system and value"),
            var several => throw Fault($"{several} patients have this identifier: name the one that is meant by --patient ID"),
        };
    }

    private async Task<JsonDocument> PageAsync(Uri url, CancellationToken cancellationToken)
    {
        var response = await server.GetAsync(url.AbsoluteUri, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccess)
        {
            throw Fault($"patients cannot be searched by identifier: it answers {(int)response.Status} ({response.Said()})");
        }

        try
        {
            return JsonDocument.Parse(response.Body);
        }
        catch (JsonException)
        {
            throw Fault("its answer to the search for the identifier is no JSON");
        }
    }

    private static IEnumerable<JsonElement> Patients(JsonElement bundle) => Items(bundle, "entry")
        .Where(entry => !entry.TryGetProperty("search", out var search) || Text(search, "mode") is null or "match")
        .Where(entry => entry.TryGetProperty("resource", out _)).Select(entry => entry.GetProperty("resource"))
        .Where(resource => Text(resource, "resourceType") == "Patient");

    // The system is not compared: some servers take names of their own for it, and give another back.
    private static bool Has(JsonElement patient, string value) =>
        Items(patient, "identifier").Any(identifier => string.Equals(Text(identifier, "value"), value, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : [];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // FHIR separates values by these.
    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);

    private FhirServerException Fault(string problem) => new(server.Options.Name, ServerFault.Refused, problem);
}
