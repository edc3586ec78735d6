using System.Net.Sockets;
using FhirMg.Sandbox.Authorization;
using FhirMg.Sandbox.Ehr;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Fhir;
using FhirMg.Sandbox.Loading;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using OpenIddict.Abstractions;

namespace FhirMg.Sandbox;

/// <summary>A simulated hospital that is running: FHIR R4 endpoint, SMART authorization server and EHR page.</summary>
public sealed class SandboxApplication : IAsyncDisposable
{
    private readonly WebApplication _application;

    private SandboxApplication(WebApplication application, ServerAddress address, SandboxOptions options) => (_application, Address, Options) = (application, address, options);

    /// <summary>The FHIR R4 base, without a slash at its end.</summary>
    public Uri FhirBase => new(Address.FhirBase);

    /// <summary>The issuer of its tokens.</summary>
    public Uri Issuer => new(Address.Issuer);

    /// <summary>The EHR's page for people.</summary>
    public Uri EhrPage => new($"{Address.Root}/");

    /// <summary>How it was set up.</summary>
    public SandboxOptions Options { get; }

    /// <summary>The ids of the patients that were loaded, in the order of their cases.</summary>
    public IReadOnlyList<string> Patients => [.. _application.Services.GetRequiredService<SampleLoader>().Patients.Select(patient => patient.Id)];

    /// <summary>What could not be loaded, and why.</summary>
    public IReadOnlyList<string> PassedOver => _application.Services.GetRequiredService<SampleLoader>().PassedOver;

    /// <summary>What goes wrong at the FHIR endpoint.</summary>
    public FaultSwitches Faults
    {
        get => _application.Services.GetRequiredService<FaultState>().Switches;
        set => _application.Services.GetRequiredService<FaultState>().Set(value.Problem is { } problem ? throw new ArgumentException(problem, nameof(value)) : value);
    }

    /// <summary>The habits of the authorization server.</summary>
    public SmartSwitches Smart
    {
        get => _application.Services.GetRequiredService<SmartState>().Switches;
        set => _application.Services.GetRequiredService<SmartState>().Switches = value;
    }

    internal ServerAddress Address { get; }

    internal IServiceProvider Services => _application.Services;

    /// <summary>Starts it; it listens when this returns.</summary>
    /// <exception cref="SandboxException">The samples cannot be read, or the port is taken.</exception>
    public static async Task<SandboxApplication> StartAsync(SandboxOptions options, CancellationToken cancellationToken = default)
    {
        if (options.Faults.Problem is { } problem)
        {
            throw new SandboxException(problem);
        }

        var samples = SampleFiles.Read(options.Samples);
        var address = new ServerAddress();
        var application = SandboxHost.Build(options, address);
        try
        {
            application.Services.GetRequiredService<SampleLoader>().Load(samples);
            Embedded.AddStaff(application.Services.GetRequiredService<FhirStore>());
            await application.StartAsync(cancellationToken);
            address.Take(options, Ports(application));
            var sandbox = new SandboxApplication(application, address, options);
            foreach (var client in options.Clients.Append(application.Services.GetRequiredService<HookTokens>().Client))
            {
                await sandbox.RegisterAsync(client, cancellationToken);
            }

            return sandbox;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw new SandboxException($"port {options.Port} of {options.Host} cannot be listened at: {e.Message} Choose another, or 0 for a free one.", e);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>Registers a client, or replaces the registration of its id.</summary>
    public async Task RegisterAsync(SandboxClient client, CancellationToken cancellationToken = default)
    {
        await using var scope = _application.Services.CreateAsyncScope();
        await Services.GetRequiredService<ClientKeys>().RegisterAsync(client, scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>(), cancellationToken);
    }

    /// <summary>Connects FhirMg running at an address: registers its clients, and lets the EHR page launch it and fire CDS Hooks at it.</summary>
    /// <param name="application">The public address of the service.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task ConnectAsync(Uri application, CancellationToken cancellationToken = default)
    {
        foreach (var client in SandboxClient.Of(application))
        {
            await RegisterAsync(client, cancellationToken);
        }

        var root = application.AbsoluteUri.TrimEnd('/');
        var connections = Services.GetRequiredService<Connections>();
        (connections.AppLaunchUrl, connections.CdsServices) = (new($"{root}/smart/launch"), new(root));
    }

    /// <summary>The issuer of the JWTs that come with CDS Hooks requests, to be allowed in the service's configuration.</summary>
    public string CdsIssuer => Address.Root;

    /// <summary>Where the key of those JWTs is published.</summary>
    public Uri CdsJwksUri => new($"{Address.Root}/ehr/jwks.json");

    /// <summary>Opens a launch as the EHR page does: the value of the <c>launch</c> parameter, good for ten minutes.</summary>
    public string OpenLaunch(LaunchContext context) => Services.GetRequiredService<Launches>().Open(context);

    /// <summary>Waits until it is stopped, by Ctrl-C or the token.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => ((IHost)_application).WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private static int[] Ports(WebApplication application) =>
        [.. application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address).Port)];
}
