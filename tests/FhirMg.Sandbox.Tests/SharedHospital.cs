namespace FhirMg.Sandbox.Tests;

/// <summary>One hospital that asks for tokens, for all tests of a class that leave it as it was.</summary>
public sealed class SharedHospital : IAsyncLifetime
{
    internal Hospital Hospital { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hospital = await SmartHospital.OpenAsync();

    public async ValueTask DisposeAsync() => await Hospital.DisposeAsync();
}
