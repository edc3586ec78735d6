using System.Net;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Fhir.Pulling;

/// <summary>
/// Reads one patient's data wherever they lie: of a record that was merged into another (<c>Patient.link</c> replaced-by), the one that lives on is
/// read, and what the server has left with the merged records counts as that one's.
/// </summary>
public sealed class MergedPull(FhirServer server, Knowledge knowledge)
{
    private const int MostMerged = 4;
    private readonly PatientPull _pull = new(server, knowledge);

    /// <summary>Reads a patient.</summary>
    /// <param name="id">The id asked for.</param>
    /// <param name="asOf">The time that will be looked at.</param>
    /// <param name="cancellationToken">Ends the work; the server's own deadline does too, for each record.</param>
    /// <param name="known">Resources, UTF-8 JSON, that the caller knows to be there and a search may not list yet; null for none.</param>
    /// <returns>The patient that lives on.</returns>
    /// <exception cref="FhirServerException">A record, or something that the server offers about it, could not be had whole; or the links lead in a circle, or too far.</exception>
    public async Task<PulledPatient> ReadAsync(string id, DateTimeOffset asOf, CancellationToken cancellationToken, IReadOnlyList<ReadOnlyMemory<byte>>? known = null)
    {
        var asked = await _pull.ReadAsync(id, asOf, cancellationToken, known).ConfigureAwait(false);
        if (asked is { ReplacedBy: null, Replaces: [] })
        {
            return asked;
        }

        var records = new List<(string Id, PulledPatient Pulled)> { (id, asked) };
        while (records[^1].Pulled.ReplacedBy is { } next)
        {
            if (records.Exists(record => record.Id == next) || records.Count > MostMerged)
            {
                throw new FhirServerException(server.Options.Name, ServerFault.Unreadable, "the patient was merged into others in a circle, or too often to follow: correct Patient.link");
            }

            records.Add((next, await _pull.ReadAsync(next, asOf, cancellationToken, known).ConfigureAwait(false)));
        }

        records.Reverse();
        var merge = records.Count > 1 ? $"Patient/{id} was merged into Patient/{records[0].Id}, who was evaluated" : null;
        var said = new List<string>();
        await AddReplacedAsync(records, asOf, said, cancellationToken).ConfigureAwait(false);
        return Join(records, said, known ?? []) with { Merge = merge };
    }

    // A record replaced "should be consulted" (FHIR, LinkType). A link from one side alone may be a mistake, and another person's data must not be mixed in.
    private async Task AddReplacedAsync(List<(string Id, PulledPatient Pulled)> records, DateTimeOffset asOf, List<string> said, CancellationToken cancellationToken)
    {
        var survivor = records[0].Id;
        var former = new Queue<string>(records.SelectMany(record => record.Pulled.Replaces));
        var seen = records.Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        while (former.TryDequeue(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            if (records.Count > MostMerged)
            {
                said.Add($"more than {MostMerged} records were merged into Patient/{survivor}: what may still lie with Patient/{next} is not counted");
                continue;
            }

            if (await TryAsync(next, asOf, said, cancellationToken).ConfigureAwait(false) is not { } pulled)
            {
                continue;
            }

            if (pulled.ReplacedBy is not { } by || !records.Exists(record => record.Id == by))
            {
                said.Add($"a record of Patient/{survivor} says that it replaces Patient/{next}, which does not say so itself: the data of Patient/{next} are not counted");
                continue;
            }

            records.Add((next, pulled));
            pulled.Replaces.ToList().ForEach(former.Enqueue);
        }
    }

    private async Task<PulledPatient?> TryAsync(string id, DateTimeOffset asOf, List<string> said, CancellationToken cancellationToken)
    {
        try
        {
            return await _pull.ReadAsync(id, asOf, cancellationToken).ConfigureAwait(false);
        }
        catch (FhirServerException e) when (e.Status is (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Gone)
        {
            said.Add($"Patient/{id}, which was replaced, could not be read ({e.Message}): what may still lie with it is not counted");
            return null;
        }
    }

    private PulledPatient Join(List<(string Id, PulledPatient Pulled)> records, List<string> said, IReadOnlyList<ReadOnlyMemory<byte>> known)
    {
        var survivor = records[0].Pulled;
        if (records.Count == 1)
        {
            return survivor with { Warnings = [.. said, .. survivor.Warnings] };
        }

        // Those that were merged first, so that what has been moved meanwhile counts as it is with the one that lives on.
        var answers = new SearchPages(knowledge);
        foreach (var page in known.Concat(records.AsEnumerable().Reverse().SelectMany(record => record.Pulled.Pages)))
        {
            answers.Add(page.Span, "what was read of merged records");
        }

        var name = $"Patient/{records[0].Id}";
        answers.Join(name, [.. records.Skip(1).Select(record => $"Patient/{record.Id}")]);
        return survivor with
        {
            Record = answers.Document().Patients.First(record => record.Name == name && record.IsInDocument),
            NotRead = records.Aggregate(DataKinds.None, (kinds, record) => kinds | record.Pulled.NotRead),
            Warnings = [.. said, .. records.SelectMany(record => record.Pulled.Warnings).Distinct(StringComparer.Ordinal)],
            Pages = [.. records.SelectMany(record => record.Pulled.Pages)],
        };
    }
}
