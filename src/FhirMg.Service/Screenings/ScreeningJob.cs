using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FhirMg.Service.Screenings;

/// <summary>Where a screening is in its life.</summary>
internal enum ScreeningState
{
    /// <summary>It waits for an instance, or for another screening of its server.</summary>
    Waiting,

    /// <summary>An instance works on it.</summary>
    Running,

    /// <summary>Its results are there.</summary>
    Done,

    /// <summary>It could not be brought to its end.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,
}

/// <summary>A screening: what was asked for, who works on it, and how far it has come. It holds no data of patients.</summary>
internal sealed class ScreeningJob : IRetained
{
    /// <summary>Random: it cannot be guessed.</summary>
    public required string Id { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Name of the configured server.</summary>
    public required string Server { get; init; }

    /// <summary>Id of the Group; null for all patients.</summary>
    public string? Group { get; init; }

    /// <summary>Whether results are written back.</summary>
    public bool Write { get; init; }

    /// <summary>Language of the results: <c>en</c> or <c>ru</c>.</summary>
    public required string Language { get; init; }

    /// <summary>The client that asked for it; null without a token.</summary>
    public string? Client { get; init; }

    /// <summary>Where it is in its life.</summary>
    public ScreeningState State { get; set; }

    /// <summary>Whether somebody wants it stopped.</summary>
    public bool IsCancelRequested { get; set; }

    /// <summary>The instance that works on it; null for none.</summary>
    public string? Owner { get; set; }

    /// <summary>Until when nobody else takes it: an instance that dies lets go of it so.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>What is being done, as a word.</summary>
    public string Phase { get; set; } = "waiting";

    /// <summary>How much of the phase is done.</summary>
    public long Done { get; set; }

    /// <summary>How much there is to do; null while nobody knows.</summary>
    public long? Total { get; set; }

    /// <summary>What the FHIR server says of its progress.</summary>
    public string? Said { get; set; }

    /// <summary>Patients with a report.</summary>
    public long Patients { get; set; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why it failed, or what is missing or doubtful, a line each; empty for nothing.</summary>
    public string Problems { get; set; } = "";

    /// <summary>What was done otherwise than asked, a line each; empty for nothing.</summary>
    public string Notes { get; set; } = "";

    /// <summary>Whether it has ended, one way or another.</summary>
    public bool IsOver => State is ScreeningState.Done or ScreeningState.Failed or ScreeningState.Cancelled;
}

/// <summary>The table of the screenings.</summary>
internal sealed class ScreeningJobConfiguration : IEntityTypeConfiguration<ScreeningJob>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<ScreeningJob> builder)
    {
        builder.ToTable("Screenings");
        builder.HasKey(job => job.Id);
        builder.HasIndex(job => job.At);
        builder.HasIndex(job => new { job.State, job.Server });
        builder.Property(job => job.State).HasConversion<string>();
    }
}
