using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FhirMg.Service.Hooks.Feedback;

/// <summary>What a person did with a card.</summary>
internal sealed class CardFeedback : IPatientTrace, IRetained
{
    /// <inheritdoc/>
    public required string Server { get; init; }

    /// <summary>The card.</summary>
    public Guid Card { get; init; }

    /// <summary>The service that gave it.</summary>
    public required string Service { get; set; }

    /// <summary>Id of the rule that it spoke for.</summary>
    public required string Rule { get; set; }

    /// <summary>Word of the deficiency class that it was shown under.</summary>
    public required string Class { get; set; }

    /// <summary>The knowledge that it came from, canonical with version.</summary>
    public required string Knowledge { get; set; }

    /// <summary>Digest of the patient, see <see cref="PatientDigest"/>: feedback does not say whom it is about.</summary>
    public required string Patient { get; set; }

    /// <summary>Whether it was overridden; else accepted.</summary>
    public bool IsOverridden { get; set; }

    /// <summary>Ids of the rules of the suggestions accepted, separated by spaces; null for none.</summary>
    public string? AcceptedRules { get; set; }

    /// <summary>System of the reason; null when none was given as a code.</summary>
    public string? ReasonSystem { get; set; }

    /// <summary>Code of the reason; null when none was given as a code.</summary>
    public string? ReasonCode { get; set; }

    /// <summary>What the person wrote; never logged.</summary>
    public string? Comment { get; set; }

    /// <summary>When the person decided.</summary>
    public DateTimeOffset DecidedAt { get; set; }

    /// <summary>When it came here.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>How feedback is kept.</summary>
internal sealed class CardFeedbackTable : IEntityTypeConfiguration<CardFeedback>
{
    /// <summary>Longest comment that is kept, in characters.</summary>
    public const int LongestComment = 4000;

    /// <summary>Longest name, url or code that is kept, in characters.</summary>
    public const int LongestName = 200;
    private const int LongestWord = 40;

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<CardFeedback> builder)
    {
        builder.ToTable("CdsFeedback").HasKey(feedback => new { feedback.Server, feedback.Card });
        builder.Property(feedback => feedback.Server).HasMaxLength(LongestName);
        builder.Property(feedback => feedback.Patient).HasMaxLength(LongestWord);
        builder.Property(feedback => feedback.Service).HasMaxLength(LongestName);
        builder.Property(feedback => feedback.Rule).HasMaxLength(LongestWord);
        builder.Property(feedback => feedback.Class).HasMaxLength(LongestWord);
        builder.Property(feedback => feedback.Knowledge).HasMaxLength(LongestName);
        builder.Property(feedback => feedback.AcceptedRules).HasMaxLength(LongestName);
        builder.Property(feedback => feedback.ReasonSystem).HasMaxLength(LongestName);
        builder.Property(feedback => feedback.ReasonCode).HasMaxLength(LongestName);
        builder.Property(feedback => feedback.Comment).HasMaxLength(LongestComment);
        builder.HasIndex(feedback => feedback.At);
        builder.HasIndex(feedback => feedback.Patient);
    }
}
