namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>A clock that can be set ahead; its timers are real.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
