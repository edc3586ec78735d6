using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FhirMg.Benchmarks.Hooks;

/// <summary>Calls with a token each, over connections that stay open: as fast as they are answered, or at a rate whether they are answered or not.</summary>
internal sealed class LoadGenerator(ServedProcess server, byte[] body, string[] tokens)
{
    private const int Connections = 32;
    private const int Percentile = 99;
    private readonly double[] _milliseconds = new double[tokens.Length];
    private int _next = -1;

    /// <summary>Makes one call for each token.</summary>
    /// <param name="perSecond">When calls are due; null for as soon as a connection is free.</param>
    public async Task<Load> RunAsync(double? perSecond)
    {
        var before = server.ProcessorTime;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => CallAsync(began, perSecond)));
        var elapsed = Stopwatch.GetElapsedTime(began);
        Array.Sort(_milliseconds);
        return new(tokens.Length / elapsed.TotalSeconds, (server.ProcessorTime - before).TotalMicroseconds / tokens.Length, _milliseconds[tokens.Length * Percentile / 100]);
    }

    private async Task CallAsync(long began, double? perSecond)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        var answer = new byte[256 * 1024];
        for (int i; (i = Interlocked.Increment(ref _next)) < tokens.Length;)
        {
            var request = (byte[])[.. Head(tokens[i]), .. body];
            var start = perSecond is { } rate ? await DueAsync(began + (long)(i / rate * Stopwatch.Frequency)) : Stopwatch.GetTimestamp();
            for (var sent = 0; sent < request.Length;)
            {
                sent += await socket.SendAsync(request.AsMemory(sent));
            }

            await ReceiveAsync(socket, answer);
            _milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    // A call that had to wait for a connection has waited since it was due. One that was late because this machine's timer was is not the server's fault.
    private static async ValueTask<long> DueAsync(long due)
    {
        var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        if (wait <= TimeSpan.Zero)
        {
            return due;
        }

        await Task.Delay(wait);
        return Stopwatch.GetTimestamp();
    }

    private byte[] Head(string token) => Encoding.ASCII.GetBytes(
        $"POST {server.Path} HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nAuthorization: Bearer {token}\r\n\r\n");

    private async Task ReceiveAsync(Socket socket, byte[] answer)
    {
        var (length, end) = (0, -1);
        for (var whole = int.MaxValue; length < whole;)
        {
            var read = await socket.ReceiveAsync(answer.AsMemory(length));
            if (read == 0)
            {
                throw new InvalidOperationException($"{server.Name} closed the connection");
            }

            length += read;
            if (end < 0 && (end = answer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) >= 0)
            {
                whole = end + 4 + ContentLength(answer.AsSpan(0, end));
            }
        }
    }

    private int ContentLength(ReadOnlySpan<byte> head)
    {
        var text = Encoding.ASCII.GetString(head);
        const string Name = "Content-Length: ";
        var at = text.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return !text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || at < 0
            ? throw new InvalidOperationException($"{server.Name} answered:\n{text}")
            : int.Parse(text[(at + Name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }
}
