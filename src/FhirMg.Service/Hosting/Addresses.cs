using FhirMg.Service.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Hosting;

/// <summary>Where others reach this service: <c>FhirMg:PublicUrl</c>, or in Development where it listens.</summary>
internal sealed class PublicAddress(IOptions<ServiceOptions> options, IServer server)
{
    /// <summary>The base of this service's own urls, path base included, without a slash at its end.</summary>
    /// <exception cref="InvalidOperationException">Neither is known: nothing is configured, and the service does not listen yet.</exception>
    public string Base =>
        (options.Value.PublicUrl?.AbsoluteUri
            ?? (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address ? $"{address}{options.Value.PathBase}" : null)
            ?? throw new InvalidOperationException("the service does not listen yet")).TrimEnd('/');
}

/// <summary>Addresses where none are configured.</summary>
internal static class DefaultAddresses
{
    private static readonly string[] Keys = ["urls", "http_ports", "https_ports"];

    /// <summary>In Development listens at a fixed port of this machine only, or at a free one when somebody else has it.</summary>
    public static void UseDefaultAddresses(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var configured = Array.Exists(Keys, key => !string.IsNullOrEmpty(configuration[key]))
            || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        if (builder.Environment.IsDevelopment() && !configured)
        {
            builder.WebHost.UseUrls($"http://localhost:{DemoHospital.FreePort(DemoHospital.ServicePort)}");
        }
    }
}
