using System.Text.Json;
using System.Text.Json.Serialization;
using FhirMg.Reasoning.Extraction;

namespace FhirMg.Screening.Bulk;

/// <summary>What is known of an export between runs; holds links, and no token.</summary>
internal sealed record ExportState
{
    private const string Name = "export.json";

    /// <summary>The FHIR base.</summary>
    public required string Server { get; init; }

    /// <summary>The Group's id; null for all patients.</summary>
    public required string? Group { get; init; }

    /// <summary>What changes were asked for.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>Number of the export among those whose files the directory holds, from 1.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Whether the patients are searched one by one, since the server does not export.</summary>
    public bool IsSearch { get; init; }

    /// <summary>Kinds of data that a search has found not to be offered, up to now.</summary>
    public DataKinds NotRead { get; init; }

    /// <summary>Where the job's status is asked; null before it has begun, and once it is deleted.</summary>
    public Uri? Status { get; init; }

    /// <summary>Parameters that the server refused.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>The files; null while they are prepared.</summary>
    public ExportManifest? Manifest { get; init; }

    /// <summary>Whether all files are fetched, and what is deleted is taken out.</summary>
    public bool IsWhole { get; init; }

    /// <summary>
    /// What was fetched, before Medications that the export lacks were read one by one; null before the export is whole, and when none of these is
    /// left to be tried again.
    /// </summary>
    public ExportOutcome? Fetched { get; init; }

    /// <summary>What became of it, once whole.</summary>
    public ExportOutcome? Outcome { get; init; }

    /// <exception cref="ScreeningException">There is one, and it cannot be read.</exception>
    public static ExportState? Load(string directory)
    {
        var path = Path.Combine(directory, Name);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ExportStateJson.Default.ExportState) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            throw new ScreeningException($"{path}: what is known of the earlier export cannot be read: begin anew, without --resume", e);
        }
    }

    /// <summary>The same where one that cannot be read is as good as none.</summary>
    public static ExportState? TryLoad(string directory)
    {
        try
        {
            return Load(directory);
        }
        catch (ScreeningException)
        {
            return null;
        }
    }

    /// <summary>Writes it whole or not at all.</summary>
    public void Save(string directory)
    {
        var path = Path.Combine(directory, Name);
        using (var stream = new FileStream($"{path}.part", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(stream, this, ExportStateJson.Default.ExportState);
            stream.Flush(flushToDisk: true);
        }

        File.Move($"{path}.part", path, overwrite: true);
    }

    /// <summary>Whether it is about the same data as is asked for now.</summary>
    public bool IsOf(ExportOptions options) =>
        Group == options.Group && string.Equals(Server, options.Server.Options.BaseUrl.AbsoluteUri, StringComparison.Ordinal);
}

/// <summary>The state's form on disk.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(ExportState))]
internal sealed partial class ExportStateJson : JsonSerializerContext;
