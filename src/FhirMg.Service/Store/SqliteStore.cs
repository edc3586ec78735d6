using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FhirMg.Service.Store;

/// <summary>The store in a SQLite file: one instance, no set-up.</summary>
internal sealed class SqliteStore(DbContextOptions<SqliteStore> options) : ServiceStore(options)
{
    /// <inheritdoc/>
    /// <remarks>SQLite has no type for times, and compares only what it stores as numbers.</remarks>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();

    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}

/// <summary>Makes the store for <c>dotnet ef</c>.</summary>
internal sealed class SqliteStoreDesign : IDesignTimeDbContextFactory<SqliteStore>
{
    /// <inheritdoc/>
    public SqliteStore CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteStore>().UseSqlite().Options);
}
