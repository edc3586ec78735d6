namespace FhirMg.Sandbox.Tests;

/// <summary>One open hospital, for all tests of a class.</summary>
public sealed class OpenHospital : IAsyncLifetime
{
    internal Hospital Hospital { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hospital = await Hospital.OpenAsync();

    public async ValueTask DisposeAsync() => await Hospital.DisposeAsync();
}
