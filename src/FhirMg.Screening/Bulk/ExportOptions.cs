using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening.Bulk;

/// <summary>Which population is fetched from which server, and how patiently.</summary>
public sealed record ExportOptions
{
    /// <summary>The server.</summary>
    public required FhirServer Server { get; init; }

    /// <summary>What is asked for, with the site's own codes.</summary>
    public required Knowledge Knowledge { get; init; }

    /// <summary>Id of the Group whose patients are fetched; null for all patients.</summary>
    public string? Group { get; init; }

    /// <summary>
    /// Only what changed since then (<c>_since</c>), in addition to an earlier export that the directory still holds; null for all.
    /// </summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time that will be looked at.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Where the files go, for this population alone; made when there is none.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether an export that broke off goes on; false begins anew.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether a job that is cancelled stays at the server, to be resumed; false deletes it there (Bulk Data: "Delete Request").</summary>
    public bool KeepJobOnCancel { get; init; }

    /// <summary>Exports at once from one server, by this program.</summary>
    public int MaxExports { get; init; } = 1;

    /// <summary>The first wait before a job's status is asked again, or a failed call repeated; later ones grow.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that a server's <c>Retry-After</c> can bring about.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For how long a server may fail, or say that it is busy, before the export is given up (and can be resumed).</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>For how long a file may send nothing before it is asked for again.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The clock that waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
