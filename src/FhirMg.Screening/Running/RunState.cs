using System.Text.Json;
using System.Text.Json.Serialization;
using FhirMg.Reasoning.Reading;
using FhirMg.Screening.Facts;

namespace FhirMg.Screening.Running;

/// <summary>How far a run has come, as it is kept in the output directory until the results are whole.</summary>
internal sealed record RunState
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary>What the facts were read by; a run with other knowledge cannot go on with them.</summary>
    public required string Knowledge { get; init; }

    public required IReadOnlyList<SavedFile> Files { get; init; }

    public required IReadOnlyList<Segment> Segments { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<SavedFault> Faults { get; init; }

    public required long FaultCount { get; init; }

    public required long Resources { get; init; }

    public required long Relevant { get; init; }

    /// <summary>The state kept in a file; null when there is none.</summary>
    /// <exception cref="ScreeningException">It cannot be read.</exception>
    public static RunState? Load(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), RunStateJson.Default.RunState) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ScreeningException($"{path}: what the earlier run left cannot be read: {e.Message} Run again without --resume to begin anew", e);
        }
    }

    /// <summary>Keeps the state: wholly, or not at all.</summary>
    public void Save(string path)
    {
        var next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, this, RunStateJson.Default.RunState);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}

/// <summary>A file of the input, and how far it was read.</summary>
/// <param name="Path">As it was found.</param>
/// <param name="Size">Bytes when the run began.</param>
/// <param name="Modified">When it was last written then, in ticks of UTC.</param>
/// <param name="Position">Bytes of its content that were read.</param>
/// <param name="Lines">Lines that were read.</param>
/// <param name="IsDone">Whether it was read to its end.</param>
/// <param name="Resources">Resources of each piece.</param>
internal sealed record SavedFile(string Path, long Size, long Modified, long Position, long Lines, bool IsDone, IReadOnlyList<int> Resources);

/// <summary>What could not be read, and where it stands among the faults.</summary>
internal sealed record SavedFault(int File, long Line, ReadFault Fault);

/// <summary>The state as JSON, without reflection.</summary>
[JsonSerializable(typeof(RunState))]
internal sealed partial class RunStateJson : JsonSerializerContext;
