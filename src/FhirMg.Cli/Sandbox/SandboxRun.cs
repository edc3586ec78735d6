using FhirMg.Sandbox;

namespace FhirMg.Cli.Sandbox;

/// <summary>Runs the simulated hospital until it is stopped.</summary>
/// <remarks>In a class of its own, so that other commands never load the web server.</remarks>
internal static class SandboxRun
{
    private const string ClientId = "fhirmg-cli";

    public static async Task<int> RunAsync(SandboxRequest request, CancellationToken cancellationToken)
    {
        var jwks = request.KeyPath is null ? null : ClientKeyFile.PublicSet(request.KeyPath);
        try
        {
            await using var sandbox = await SandboxApplication.StartAsync(
                new()
                {
                    Port = request.Port,
                    Samples = request.Samples,
                    RequireToken = request.RequireToken,
                    Faults = new(Vendor: request.Vendor),
                    Clients = jwks is null ? [] : [new() { ClientId = ClientId, Jwks = jwks, BackendService = true }],
                },
                cancellationToken);
            if (request.App is not null)
            {
                await sandbox.ConnectAsync(request.App, cancellationToken);
            }

            Tell(sandbox, request);
            await sandbox.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Done;
        }
        catch (SandboxException e)
        {
            throw new InputException(e.Message, e);
        }
    }

    private static void Tell(SandboxApplication sandbox, SandboxRequest request)
    {
        foreach (var line in sandbox.PassedOver)
        {
            Diagnostics.Say($"passed over: {line}");
        }

        Console.Out.WriteLine($"EHR page   {sandbox.EhrPage}");
        Console.Out.WriteLine($"FHIR R4    {sandbox.FhirBase}   ({(request.RequireToken ? "asks for a token" : "open")}, {sandbox.Patients.Count} patients)");
        Console.Out.WriteLine($"Issuer     {sandbox.Issuer}");
        Console.Out.WriteLine($"CDS Hooks  iss {sandbox.CdsIssuer}, keys {sandbox.CdsJwksUri}");
        foreach (var client in request.App is null ? [] : SandboxClient.Of(request.App))
        {
            Console.Out.WriteLine($"Client     {client.ClientId}   ({(client.Secret is not null ? $"secret {client.Secret}" : client.JwksUri is not null ? $"keys at {client.JwksUri}" : "public")})");
        }

        var credentials = request.KeyPath is null ? "" : $" --client-id {ClientId} --key {request.KeyPath}";
        Console.Out.WriteLine($"Try        fhirmg evaluate --server {sandbox.FhirBase} --patient {(sandbox.Patients is [var first, ..] ? first : "ID")}{credentials}");
        Console.Out.WriteLine("Ctrl-C stops it.");
    }
}
