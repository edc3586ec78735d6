using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FhirMg.Service.Hooks.Callers;

/// <summary>A token that was used, until it expires.</summary>
internal sealed class UsedToken : IExpiring
{
    /// <summary>Digest of issuer and <c>jti</c>.</summary>
    public required string Id { get; init; }

    /// <inheritdoc/>
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>How used tokens are kept.</summary>
internal sealed class UsedTokenTable : IEntityTypeConfiguration<UsedToken>
{
    public const string Table = "CdsUsedTokens";
    private const int DigestLength = 64;

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<UsedToken> builder)
    {
        builder.ToTable(Table).HasKey(token => token.Id);
        builder.Property(token => token.Id).HasMaxLength(DigestLength);
        builder.HasIndex(token => token.ExpiresAt);
    }
}
