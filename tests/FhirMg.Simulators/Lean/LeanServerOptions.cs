namespace FhirMg.Simulators;

/// <summary>How a <see cref="LeanServer"/> behaves.</summary>
public sealed record LeanServerOptions
{
    /// <summary>How long every answer takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The share of answers that are spoilt, from 0 to 1; <c>/metadata</c> never is.</summary>
    public double FaultShare { get; init; }

    /// <summary>Which answers are spoilt follows from it.</summary>
    public int Seed { get; init; } = 1;
}
