using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FhirMg.Service.Sessions;

/// <summary>A session as the store keeps it: all that tells of the patient, the user or a token is encrypted.</summary>
internal sealed class StoredSession : IExpiring, IPatientTrace
{
    /// <summary>The session's handle.</summary>
    public required string Handle { get; init; }

    /// <summary>Digest of the browser's cookie.</summary>
    public required string Cookie { get; set; }

    /// <inheritdoc/>
    public required string? Server { get; init; }

    /// <summary>The patient's <see cref="PatientDigest"/>; null when the server named none.</summary>
    public string? Patient { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The encrypted <see cref="SessionContext"/>.</summary>
    public required string Context { get; init; }

    /// <summary>The encrypted <see cref="SessionTokens"/>.</summary>
    public required string Tokens { get; set; }

    /// <summary>The encrypted <see cref="SessionPage"/>; null for nothing yet.</summary>
    public string? Page { get; set; }

    /// <summary>Counts the changes of the tokens.</summary>
    public int Renewals { get; set; }

    /// <summary>Until when an instance has the tokens to itself, to renew them; null when none does.</summary>
    public DateTimeOffset? RenewingUntil { get; set; }
}

/// <summary>The table of the sessions.</summary>
internal sealed class StoredSessionConfiguration : IEntityTypeConfiguration<StoredSession>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<StoredSession> builder)
    {
        builder.ToTable("AppSessions").HasKey(session => session.Handle);
        builder.Property(session => session.Handle).HasMaxLength(Opaque.DigestLength);
        builder.Property(session => session.Cookie).HasMaxLength(Opaque.DigestLength);
        builder.HasIndex(session => session.ExpiresAt);
        builder.HasIndex(session => session.Patient);
    }
}
