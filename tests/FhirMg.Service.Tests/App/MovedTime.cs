using FhirMg.Service.Tests.Hooks;

namespace FhirMg.Service.Tests.App;

/// <summary>The system's clock, moved: it starts at the time that the samples are written for.</summary>
internal sealed class MovedTime : TimeProvider
{
    public TimeSpan Moved { get; set; } = SampleTime.AsOf - TimeProvider.System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Moved;
}
