using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FhirMg.Simulators;

/// <summary>A server that speaks TCP and only as much HTTP as it is told: the n-th request gets the n-th answer, later ones the last.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private const int HeadLimit = 1 << 20;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<string> requests = new();
    private readonly RawAnswer[] answers;
    private readonly Task accepting;
    private int served = -1;

    private RawServer(RawAnswer[] answers)
    {
        this.answers = answers;
        listener.Start();
        BaseUrl = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/fhir");
        accepting = AcceptAsync();
    }

    /// <summary>The FHIR base, without a slash at its end.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The heads of the requests as they came in: request line and headers.</summary>
    public IReadOnlyList<string> Requests => [.. requests];

    /// <summary>Starts a server on a free loopback port.</summary>
    public static RawServer Start(params RawAnswer[] answers) =>
        answers.Length > 0 ? new RawServer(answers) : throw new ArgumentException("at least one answer is needed", nameof(answers));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // In this order: a listener that was stopped must not be asked for one more connection.
        await stopping.CancelAsync();
        await accepting;
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                open.Add(ServeAsync(socket));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using (socket)
            {
                if (await ReadRequestAsync(socket) is { } head)
                {
                    requests.Enqueue(head);
                    var answer = answers[Math.Min(Interlocked.Increment(ref served), answers.Length - 1)];
                    await answer.WriteAsync(new RawConnection(socket), stopping.Token);
                    await FinishAsync(socket);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client went away, or the server stops.
        }
    }

    private async Task<string?> ReadRequestAsync(Socket socket)
    {
        var head = new StringBuilder();
        var buffer = new byte[8192];
        while (head.Length < HeadLimit)
        {
            var read = await socket.ReceiveAsync(buffer, stopping.Token);
            if (read == 0)
            {
                return null;
            }

            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var text = head.ToString();
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && text.Length - end - 4 >= BodyLength(text[..end]))
            {
                return text[..end];
            }
        }

        return null;
    }

    private static int BodyLength(string head)
    {
        var line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is not null && int.TryParse(line["Content-Length:".Length..].Trim(), out var length) ? length : 0;
    }

    /// <summary>Ends the answer, not the connection's memory of it: what is in flight still arrives.</summary>
    private static async Task FinishAsync(Socket socket)
    {
        if (socket.Connected)
        {
            socket.Shutdown(SocketShutdown.Send);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await socket.ReceiveAsync(new byte[1], patience.Token);
        }
    }
}
