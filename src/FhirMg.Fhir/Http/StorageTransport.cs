using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Http;

/// <summary>
/// Connections to a storage that a server names. The name is somebody else's, so it must not lead back into this machine or to a cloud's
/// metadata service; what the name resolves to is checked at the connection itself, so that a second answer of DNS changes nothing.
/// </summary>
internal static class StorageTransport
{
    public static SocketsHttpHandler Create(FhirServerOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            UseCookies = false,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(options, context, cancellationToken),
        };
        if (options.CaPath is { } path)
        {
            // A storage's certificate may come from the hospital's authority or from a public one.
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                errors == SslPolicyErrors.None || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsIssuedBy(authorities, certificate, chain));
        }

        return handler;
    }

    private static bool IsIssuedBy(X509Certificate2Collection authorities, X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(element => element.Certificate).ToArray());
        }

        return chain.Build(leaf);
    }

    private static async ValueTask<Stream> ConnectAsync(FhirServerOptions options, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;

        // A proxy is this site's own choice, and then it is the proxy that resolves the storage's name.
        var isProxy = !string.Equals(context.InitialRequestMessage.RequestUri!.IdnHost.Trim('[', ']'), host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        var allowed = isProxy || options.BaseUrl.IsLoopback ? addresses : Array.FindAll(addresses, address => !IsInward(address));
        if (allowed.Length == 0)
        {
            throw new FhirServerException(options.Name, ServerFault.Refused,
                $"it names a file at {host}, which is an address of this machine or link: such a storage is never called");
        }

        Socket? socket = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            socket = null;
            return stream;
        }
        finally
        {
            socket?.Dispose();
        }
    }

    /// <summary>Whether an address is this machine's or its link's (where clouds keep their metadata services).</summary>
    internal static bool IsInward(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) || plain.IsIPv6LinkLocal || plain.IsIPv6Multicast
            || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [169, 254, ..] or [0, ..] or [>= 224, ..]);
    }
}
