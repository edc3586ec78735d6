namespace FhirMg.Cli.Sandbox;

/// <summary>What <c>fhirmg sandbox</c> is asked for.</summary>
internal sealed record SandboxRequest(int Port, string? Samples, Uri? App, bool RequireToken, string? KeyPath, string Vendor);
