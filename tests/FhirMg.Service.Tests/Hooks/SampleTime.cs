namespace FhirMg.Service.Tests.Hooks;

/// <summary>Stands still at the time that the samples are written for, unless moved.</summary>
internal sealed class SampleTime : TimeProvider
{
    public static DateTimeOffset AsOf { get; } = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Moved { get; set; }

    public override DateTimeOffset GetUtcNow() => AsOf + Moved;
}
