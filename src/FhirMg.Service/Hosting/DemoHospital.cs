using System.Net;
using System.Net.Sockets;
using FhirMg.Service.Configuration;

namespace FhirMg.Service.Hosting;

/// <summary>In Development with no server configured: a simulated hospital on this machine, configured as the only server.</summary>
internal static class DemoHospital
{
    /// <summary>Where the service listens by default, so that the first command needs no set-up.</summary>
    public const int ServicePort = 5080;

    /// <summary>Where the hospital listens by default.</summary>
    public const int HospitalPort = 5090;

    /// <summary>Whether the hospital is wanted.</summary>
    public static bool IsWanted(IHostEnvironment environment, IConfiguration configuration) =>
        environment.IsDevelopment() && !configuration.GetSection($"{ServiceOptions.Section}:Servers").GetChildren().Any();

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
}
