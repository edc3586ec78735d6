using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FhirMg.Service.Access;

/// <summary>Who asked about whom, when, and what came of it: one line of the access log. It holds references and rule ids, no names and no values.</summary>
internal sealed class AccessEntry : IPatientTrace, IRetained
{
    /// <summary>Set by the store.</summary>
    public long Id { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was asked for, such as <c>cds-hooks patient-view</c> or <c>$evaluate</c>.</summary>
    public required string Operation { get; init; }

    /// <inheritdoc/>
    public string? Server { get; init; }

    /// <inheritdoc/>
    public string? Patient { get; init; }

    /// <summary>The client that called: <c>iss</c>, <c>client_id</c> or <c>sub</c> of its token; null when it showed none.</summary>
    public string? Client { get; init; }

    /// <summary>The user on whose behalf, as a reference such as <c>Practitioner/p1</c>; null when not said.</summary>
    public string? User { get; init; }

    /// <summary>Ids of the rules that fired, separated by spaces.</summary>
    public string Rules { get; init; } = "";

    /// <summary>Version of the knowledge.</summary>
    public string? Knowledge { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public required int Status { get; init; }
}

/// <summary>The table of the access log.</summary>
internal sealed class AccessEntryConfiguration : IEntityTypeConfiguration<AccessEntry>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<AccessEntry> builder)
    {
        builder.ToTable("AccessLog");
        builder.HasIndex(entry => entry.At);
        builder.HasIndex(entry => new { entry.Server, entry.Patient });
    }
}
