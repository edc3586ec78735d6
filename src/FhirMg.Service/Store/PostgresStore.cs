using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FhirMg.Service.Store;

/// <summary>The store in PostgreSQL: several instances share it.</summary>
internal sealed class PostgresStore(DbContextOptions<PostgresStore> options) : ServiceStore(options)
{
    /// <inheritdoc/>
    /// <remarks>Only times in UTC can be stored as <c>timestamptz</c>.</remarks>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Utc>();

    private sealed class Utc() : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), time => time);
}

/// <summary>Makes the store for <c>dotnet ef</c>.</summary>
internal sealed class PostgresStoreDesign : IDesignTimeDbContextFactory<PostgresStore>
{
    /// <inheritdoc/>
    public PostgresStore CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgresStore>().UseNpgsql().Options);
}
