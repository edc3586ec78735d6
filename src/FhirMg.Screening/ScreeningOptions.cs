using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening;

/// <summary>What is screened, how, and where the results go.</summary>
public sealed record ScreeningOptions
{
    /// <summary>The bytes of a line beyond which it is no resource but a mistake: 64 MiB.</summary>
    public const int DefaultLongestLine = 64 * 1024 * 1024;

    /// <summary>Files and directories with NDJSON (plain, gzip, zstd), or <c>-</c> for standard input.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The directory that the results appear in; made when there is none.</summary>
    public required string OutDirectory { get; init; }

    /// <summary>The time that every case is looked at.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>What the cases are evaluated by, a site's own codes and switched-off recommendations included.</summary>
    public required Knowledge Knowledge { get; init; }

    /// <summary>The language of texts for people in the results.</summary>
    public Language Language { get; init; } = Language.English;

    /// <summary>Kinds of data that the source could not give: what rests on them is not checked, for any patient.</summary>
    public DataKinds NotRead { get; init; }

    /// <summary>Threads that read and evaluate; at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of memory that a run keeps to, by bringing to disk what grows with the patients; null for half of the machine's. See <see cref="LeastMemory"/>.</summary>
    public long? MaxMemory { get; init; }

    /// <summary>Whether a run that was stopped goes on where it was; false begins anew.</summary>
    public bool Resume { get; init; }

    /// <summary>Bytes of the longest line that is read; a longer one is reported and passed over.</summary>
    public int LongestLine { get; init; } = DefaultLongestLine;

    /// <summary>Bytes that a run takes whatever goes to disk: the runtime, buffers, and the patients in hand. <see cref="MaxMemory"/> cannot be kept below.</summary>
    /// <param name="threads">Threads that read and evaluate.</param>
    public static long LeastMemory(int threads) => (150L + (5L * threads)) << 20;

    /// <summary>How long a run may go before what it has read is safe on disk.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(15);
}
