namespace FhirMg.Simulators;

/// <summary>An answer to the question for a job's status, before the manifest.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="RetryAfter">The header, in any form; null for none.</param>
/// <param name="Progress"><c>X-Progress</c>; null for none.</param>
public sealed record StatusAnswer(int Status, string? RetryAfter = null, string? Progress = null);

/// <summary>Where the files of an export lie.</summary>
public enum FilePlace
{
    /// <summary>Below the FHIR base.</summary>
    Server,

    /// <summary>In a storage on another host, which the manifest names.</summary>
    Storage,

    /// <summary>Below the FHIR base, from where each is redirected to the storage.</summary>
    RedirectedToStorage,
}

/// <summary>What a file does the first times it is asked for.</summary>
public enum FileFault
{
    /// <summary>The connection is reset in its middle.</summary>
    ResetInMiddle,

    /// <summary>After its first half nothing more comes, and the connection stays open.</summary>
    Stall,

    /// <summary>503 with <c>Retry-After: 0</c>.</summary>
    Busy,

    /// <summary>A log-in page with status 200.</summary>
    LoginPage,

    /// <summary>Its last lines are missing, and nothing shows it but the manifest's count.</summary>
    Short,
}

/// <summary>How a <see cref="BulkServer"/> behaves.</summary>
public sealed record BulkServerOptions
{
    /// <summary>The bearer token that it wants; null for none.</summary>
    public string? Token { get; init; }

    /// <summary><c>requiresAccessToken</c> of the manifest.</summary>
    public bool RequiresAccessToken { get; init; }

    /// <summary>Parameters of the kick-off that it refuses with 400.</summary>
    public IReadOnlyCollection<string> Refuses { get; init; } = [];

    /// <summary>Operations (<c>Patient</c>, <c>Group</c>, empty for the system) that it answers with 404.</summary>
    public IReadOnlyCollection<string> WithoutExportAt { get; init; } = [];

    /// <summary>Answers to the kick-off before it is taken.</summary>
    public IReadOnlyList<StatusAnswer> KickOffs { get; init; } = [];

    /// <summary>Answers to the status question before the manifest.</summary>
    public IReadOnlyList<StatusAnswer> Statuses { get; init; } = [new(202, "0")];

    /// <summary>Whether it heeds <c>_type</c>.</summary>
    public bool HeedsTypes { get; init; } = true;

    /// <summary>Types that it never exports, though it gives each of their resources to who asks for it.</summary>
    public IReadOnlyCollection<string> ExportsNot { get; init; } = [];

    /// <summary>Statuses (from 400) by <c>Type/id</c> of resources that it has and does not give to who asks for them one by one.</summary>
    public IReadOnlyDictionary<string, int> Reads { get; init; } = new Dictionary<string, int>();

    /// <summary>Where its files lie.</summary>
    public FilePlace Place { get; init; }

    /// <summary>Whether files are packed for the way.</summary>
    public bool Gzip { get; init; }

    /// <summary>Whether it sends parts of files, and ETags.</summary>
    public bool Ranges { get; init; } = true;

    /// <summary>Output files on a page of the manifest at most; the others stand on further pages.</summary>
    public int FilesOfPage { get; init; } = int.MaxValue;

    /// <summary>Whether the manifest counts resources.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>Resources in a file at most.</summary>
    public int LinesOfFile { get; init; } = int.MaxValue;

    /// <summary>Faults of the first file of each type, in order of its requests.</summary>
    public IReadOnlyList<FileFault> Faults { get; init; } = [];

    /// <summary>The one type whose file has the faults; null for all. Of several, those that a client gives up on before it asks for them still have theirs ahead.</summary>
    public string? FaultyType { get; init; }

    /// <summary>How many downloads a link lives for; then 403, until the status is asked again.</summary>
    public int LinkLivesFor { get; init; } = int.MaxValue;

    /// <summary><c>Type/id</c> of what the manifest calls deleted.</summary>
    public IReadOnlyList<string> Deleted { get; init; } = [];

    /// <summary>Diagnostics of OperationOutcomes in the manifest's error file.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>The status of a DELETE.</summary>
    public int DeleteStatus { get; init; } = 202;

    /// <summary>How many jobs it loses: 404 on their status.</summary>
    public int LosesJobs { get; init; }

    /// <summary>Whether the status lies beside the FHIR base and not below it.</summary>
    public bool StatusBesideBase { get; init; }

    /// <summary>How long each file takes.</summary>
    public TimeSpan FileTakes { get; init; }
}
