using System.Net;
using System.Net.Sockets;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>A wire to a server, which can be cut: what went through it breaks, and who comes is refused, until it is mended.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly (string Host, int Port) _server;
    private readonly List<TcpClient> _ends = [];
    private TcpListener _listener = new(IPAddress.Loopback, 0);

    public Wire(string host, int port)
    {
        _server = (host, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener);
    }

    /// <summary>The port of this end, on the loopback address.</summary>
    public int Port { get; }

    public void Cut()
    {
        _listener.Dispose();
        lock (_ends)
        {
            _ends.ForEach(end => end.Dispose());
            _ends.Clear();
        }
    }

    public void Mend()
    {
        _listener = new(IPAddress.Loopback, Port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was cut.
        }
    }

    private async Task PassAsync(TcpClient near)
    {
        var far = new TcpClient();
        lock (_ends)
        {
            _ends.AddRange([near, far]);
        }

        try
        {
            await far.ConnectAsync(_server.Host, _server.Port);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One end is gone; so is the other.
        }

        near.Dispose();
        far.Dispose();
    }
}
