namespace FhirMg.Service.Configuration;

/// <summary>What one caller may ask of the service: <c>FhirMg:Limits</c>.</summary>
internal sealed record LimitOptions
{
    /// <summary>The largest request body, in bytes (16 MiB).</summary>
    public long RequestBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Requests of one client per second, on average; twice as many may come at once. 0: not limited.</summary>
    public int RequestsPerSecond { get; init; } = 500;

    /// <summary>How long requests in flight may take to end when the service is stopped (30 s).</summary>
    public TimeSpan Shutdown { get; init; } = TimeSpan.FromSeconds(30);
}
