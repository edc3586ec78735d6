using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FhirMg.Service.Hooks.Callers;

/// <summary>The key set of a client as an instance fetched it last, for an instance that cannot reach the client.</summary>
internal sealed class KnownKeySet : IExpiring
{
    /// <summary>Digest of the url that it comes from.</summary>
    public required string Id { get; init; }

    /// <summary>The set as the client gave it: public keys (RFC 7517).</summary>
    public required string Json { get; set; }

    /// <summary>When it was fetched.</summary>
    public DateTimeOffset FetchedAt { get; set; }

    /// <inheritdoc/>
    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>How key sets are kept.</summary>
internal sealed class KnownKeySetTable : IEntityTypeConfiguration<KnownKeySet>
{
    public const string Table = "CdsKeySets";
    private const int DigestLength = 64;

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<KnownKeySet> builder)
    {
        builder.ToTable(Table).HasKey(set => set.Id);
        builder.Property(set => set.Id).HasMaxLength(DigestLength);
        builder.HasIndex(set => set.ExpiresAt);
    }
}
