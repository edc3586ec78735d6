using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FhirMg.Service.Hooks.Feedback;

/// <summary>How often cards of a rule were shown on a day.</summary>
internal sealed class ShownCards : IRetainedByDay
{
    /// <inheritdoc/>
    public int Day { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>Id of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The knowledge, canonical with version.</summary>
    public required string Knowledge { get; init; }

    /// <summary>How often.</summary>
    public long Count { get; init; }
}

/// <summary>How counts are kept.</summary>
internal sealed class ShownCardsTable : IEntityTypeConfiguration<ShownCards>
{
    public const string Table = "CdsShownCards";
    private const int LongestName = 200;

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<ShownCards> builder)
    {
        builder.ToTable(Table).HasKey(shown => new { shown.Day, shown.Tenant, shown.Service, shown.Rule, shown.Knowledge });
        builder.Property(shown => shown.Tenant).HasMaxLength(LongestName);
        builder.Property(shown => shown.Service).HasMaxLength(LongestName);
        builder.Property(shown => shown.Rule).HasMaxLength(LongestName);
        builder.Property(shown => shown.Knowledge).HasMaxLength(LongestName);
    }
}
