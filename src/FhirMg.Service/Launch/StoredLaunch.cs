using FhirMg.Service.Sessions;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FhirMg.Service.Launch;

/// <summary>A launch that waits for its person to come back from the authorization server; gone once they do.</summary>
internal sealed class StoredLaunch : IExpiring
{
    /// <summary>Digest of the <c>state</c>.</summary>
    public required string State { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The encrypted <see cref="PendingLaunch"/>.</summary>
    public required string Content { get; init; }
}

/// <summary>The table of launches that have begun.</summary>
internal sealed class StoredLaunchConfiguration : IEntityTypeConfiguration<StoredLaunch>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<StoredLaunch> builder)
    {
        builder.ToTable("AppLaunches").HasKey(launch => launch.State);
        builder.Property(launch => launch.State).HasMaxLength(Opaque.DigestLength);
        builder.HasIndex(launch => launch.ExpiresAt);
    }
}
