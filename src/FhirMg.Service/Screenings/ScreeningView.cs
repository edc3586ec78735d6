using System.Text.Json;

namespace FhirMg.Service.Screenings;

/// <summary>A screening as its callers see it.</summary>
internal sealed record ScreeningView
{
    public required string Id { get; init; }

    public required string Server { get; init; }

    /// <summary>Null for all patients.</summary>
    public string? Group { get; init; }

    public required bool Write { get; init; }

    public required string Lang { get; init; }

    /// <summary><c>waiting</c> <c>running</c> <c>done</c> <c>failed</c> <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>What is being done, as a word.</summary>
    public required string Phase { get; init; }

    public required long Done { get; init; }

    /// <summary>Null while nobody knows.</summary>
    public long? Total { get; init; }

    /// <summary>What the FHIR server says of its progress.</summary>
    public string? Said { get; init; }

    public required long Patients { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Names of the results, for <c>/screenings/{id}/results/{name}</c>.</summary>
    public required IReadOnlyList<string> Results { get; init; }

    /// <summary>Whether it has ended, one way or another.</summary>
    public bool IsOver => State is "done" or "failed" or "cancelled";

    public static ScreeningView Of(ScreeningJob job, ScreeningWork work) => new()
    {
        Id = job.Id,
        Server = job.Server,
        Group = job.Group,
        Write = job.Write,
        Lang = job.Language,
        State = JsonNamingPolicy.CamelCase.ConvertName(job.State.ToString()),
        Phase = job.Phase,
        Done = job.Done,
        Total = job.Total,
        Said = job.Said,
        Patients = job.Patients,
        Created = job.At,
        Ended = job.EndedAt,
        Notes = Lines(job.Notes),
        Problems = Lines(job.Problems),
        Results = job.State == ScreeningState.Done && Directory.Exists(work.Results(job.Id))
            ? [.. Directory.GetFiles(work.Results(job.Id)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
            : [],
    };

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
