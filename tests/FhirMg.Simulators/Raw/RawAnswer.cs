using System.Net.Sockets;

namespace FhirMg.Simulators;

/// <summary>Writes an answer, or a piece of one, onto a connection; the connection is closed after it.</summary>
/// <param name="Name">What it imitates.</param>
/// <param name="WriteAsync">Does it.</param>
public sealed record RawAnswer(string Name, Func<RawConnection, CancellationToken, Task> WriteAsync)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The server's end of a connection.</summary>
public sealed class RawConnection
{
    private readonly Socket socket;

    internal RawConnection(Socket socket) => this.socket = socket;

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    /// <summary>Sends text as UTF-8.</summary>
    public Task SendAsync(string text, CancellationToken cancellationToken) => SendAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>Breaks the connection with a reset instead of an end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
