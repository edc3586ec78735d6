using System.Text.Json.Serialization;
using FhirMg.Reasoning.Extraction;

namespace FhirMg.Screening.Bulk;

/// <summary>A population's data on disk, and what is to be known about them.</summary>
public sealed record ExportOutcome
{
    /// <summary>Directory with NDJSON files (plain or gzip), for <see cref="ScreeningOptions.Inputs"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether this run fetched any of it: a screening that was begun on what was there before cannot go on then.</summary>
    [JsonIgnore]
    public bool IsNew { get; init; } = true;

    /// <summary>Whether the server exported them; false when they were searched for patient by patient.</summary>
    public required bool IsBulk { get; init; }

    /// <summary>Files in the directory.</summary>
    public required int Files { get; init; }

    /// <summary>Bytes in the directory, as packed.</summary>
    public required long Bytes { get; init; }

    /// <summary>The state of the server's data that was exported; for the next <see cref="ExportOptions.Since"/>. Null when not said.</summary>
    public DateTimeOffset? TransactionTime { get; init; }

    /// <summary>Kinds of data that the server does not offer or did not give us: what rests on them is not checked.</summary>
    public DataKinds NotRead { get; init; }

    /// <summary>Resources that the server says are deleted, and that therefore do not count.</summary>
    public long Deleted { get; init; }

    /// <summary>What was done otherwise than asked, such as a parameter that the server refused; for people.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What is missing or doubtful in the data; for people.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
