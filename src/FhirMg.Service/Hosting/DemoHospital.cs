using System.Net;
using System.Net.Sockets;
using FhirMg.Sandbox;
using FhirMg.Service.Configuration;

namespace FhirMg.Service.Hosting;

/// <summary>In Development with no server configured: a simulated hospital on this machine, configured as the only server.</summary>
internal sealed class DemoHospital(DemoPort port, PublicAddress address, IHostEnvironment environment) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>Where the service listens by default, so that the first command needs no set-up.</summary>
    public const int ServicePort = 5080;

    private const int HospitalPort = 5090;

    /// <summary>Where the hospital listens.</summary>
    public const string Host = "localhost";

    private SandboxApplication? _hospital;

    /// <summary>Configures and adds the hospital where it is wanted.</summary>
    /// <remarks>It starts when the service listens, for it must know where: nothing of the service waits for it.</remarks>
    public static void Add(WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment() || builder.Configuration.GetSection($"{ServiceOptions.Section}:Servers").GetChildren().Any())
        {
            return;
        }

        var wanted = builder.Configuration.GetValue<int?>("Sandbox:Port") ?? HospitalPort;
        var port = new DemoPort(FreePort(wanted), wanted);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FhirMg:Servers:0:Name"] = "sandbox",
            ["FhirMg:Servers:0:BaseUrl"] = $"http://{Host}:{port.Port}/fhir",
            ["FhirMg:Servers:0:ClientId"] = "fhirmg-public",
            ["FhirMg:Servers:0:AllowUnauthenticatedCds"] = "true",
            ["FhirMg:FrameAncestors:0"] = $"http://{Host}:{port.Port}",
        });
        builder.Services.AddSingleton(port).AddHostedService<DemoHospital>();
    }

    /// <summary>A port of this machine: the wanted one, or a free one when somebody else has it.</summary>
    public static int FreePort(int wanted)
    {
        foreach (var port in (int[])[wanted, 0])
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException) when (port != 0)
            {
                // Taken: the next is a free one.
            }
        }

        throw new ConfigurationException("there is no free port on this machine's loopback address");
    }

    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var service = new Uri(address.Base);
        _hospital = await SandboxApplication.StartAsync(
            new()
            {
                Port = port.Port,
                Host = Host,
                CdsServices = service,
                AppLaunchUrl = new($"{address.Base}/smart/launch"),
                Clients = SandboxClient.Of(service),
            },
            cancellationToken);
        Say(service, _hospital);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _hospital, null) is { } hospital)
        {
            await hospital.DisposeAsync();
        }
    }

    private void Say(Uri service, SandboxApplication hospital)
    {
        if (port.Port != port.Wanted)
        {
            Console.Out.WriteLine($"Port {port.Wanted} is taken: the hospital listens at {port.Port} instead.");
        }

        if (service.Port != ServicePort)
        {
            Console.Out.WriteLine($"The service listens at port {service.Port}.");
        }

        Console.Out.WriteLine($"""

            FhirMg runs ({environment.EnvironmentName}), with a simulated hospital of {hospital.Patients.Count} patients. Look at:
              {hospital.EhrPage}   the hospital's EHR: open a patient and see the cards
              {hospital.FhirBase}   its FHIR R4 server
              {service}cds-services   the CDS Hooks services
              {service}fhir/metadata   the knowledge and the operations
            Stop it by Ctrl-C. Your own server: FhirMg__Servers__0__Name and FhirMg__Servers__0__BaseUrl (docs/operating.md).

            """);
    }
}

/// <summary>Where the simulated hospital listens, and where it was meant to.</summary>
internal sealed record DemoPort(int Port, int Wanted)
{
    /// <summary>The hospital's EHR.</summary>
    public Uri EhrPage => new($"http://{DemoHospital.Host}:{Port}/");
}
