using System.IO.Compression;
using System.Text;

namespace FhirMg.Simulators;

/// <summary>What an HTTP library does not send by itself.</summary>
public static class RawAnswers
{
    private const string Json = "application/fhir+json";

    /// <summary>A whole, ordinary answer.</summary>
    public static RawAnswer Whole(string body, int status = 200, string headers = "") => new("whole", (to, stop) => to.SendAsync(Head(status, Encoding.UTF8.GetByteCount(body), headers) + body, stop));

    /// <summary>A connection closed before a word is said: a restarted server.</summary>
    public static RawAnswer NoAnswer() => new("no answer", (_, _) => Task.CompletedTask);

    /// <summary>A connection reset before a word is said.</summary>
    public static RawAnswer ResetAtOnce() => new("reset at once", (to, _) =>
    {
        to.Reset();
        return Task.CompletedTask;
    });

    /// <summary>A connection reset in the middle of the body.</summary>
    public static RawAnswer ResetInBody(string body) => new("reset in the body", async (to, stop) =>
    {
        await HalfAsync(to, body, stop);
        await Task.Delay(50, stop);
        to.Reset();
    });

    /// <summary>A connection closed in the middle of a body of known length.</summary>
    public static RawAnswer EndInBody(string body) => new("end in the body", (to, stop) => HalfAsync(to, body, stop));

    /// <summary>Half a body, and then nothing more for ever.</summary>
    public static RawAnswer HalfThenHang(string body) => new("half, then hang", async (to, stop) =>
    {
        await HalfAsync(to, body, stop);
        await Task.Delay(Timeout.Infinite, stop);
    });

    /// <summary>A chunked body whose second chunk length is not a number.</summary>
    public static RawAnswer GarbledChunks(string body) => new("garbled chunks", (to, stop) =>
        to.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: {Json}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{Encoding.UTF8.GetByteCount(body):x}\r\n{body}\r\nnot-a-length\r\n", stop));

    /// <summary>A body compressed whether or not that was asked for.</summary>
    public static RawAnswer Gzip(string body) => new("gzip", (to, stop) => CompressedAsync(to, Compressed(Encoding.UTF8.GetBytes(body)), stop));

    /// <summary>A compressed body whose second half is noise.</summary>
    public static RawAnswer BrokenGzip(string body) => new("broken gzip", (to, stop) =>
    {
        var bytes = Compressed(Encoding.UTF8.GetBytes(body));
        Array.Fill(bytes, (byte)0x5a, bytes.Length / 2, bytes.Length - (bytes.Length / 2));
        return CompressedAsync(to, bytes, stop);
    });

    /// <summary>Said to be gzip, and is plain JSON.</summary>
    public static RawAnswer FalseGzip(string body) => new("false gzip", (to, stop) => CompressedAsync(to, Encoding.UTF8.GetBytes(body), stop));

    /// <summary>A few kilobytes that unpack to so many megabytes of spaces in a Bundle.</summary>
    public static RawAnswer GzipBomb(int megabytes) => new("gzip bomb", (to, stop) =>
        CompressedAsync(to, Compressed([.. "{\"resourceType\":\"Bundle\""u8, .. Enumerable.Repeat((byte)' ', megabytes << 20), .. "}"u8]), stop));

    /// <summary>So many megabytes as fast as the line allows: an endless searchset.</summary>
    public static RawAnswer Huge(int megabytes) => Trickle(megabytes, int.MaxValue) with { Name = "huge" };

    /// <summary>So many megabytes at so many bytes a second, never quite idle.</summary>
    public static RawAnswer Trickle(int megabytes, int bytesPerSecond) => new("trickle", async (to, stop) =>
    {
        await to.SendAsync(Head(200, (long)megabytes << 20), stop);
        var piece = new byte[bytesPerSecond == int.MaxValue ? 1 << 16 : Math.Max(1, bytesPerSecond / 20)];
        Array.Fill(piece, (byte)' ');
        for (var left = (long)megabytes << 20; left > 0; left -= piece.Length)
        {
            await to.SendAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), stop);
            if (bytesPerSecond != int.MaxValue)
            {
                await Task.Delay(50, stop);
            }
        }
    });

    /// <summary>A header bomb: so many kilobytes of headers.</summary>
    public static RawAnswer HeaderBomb(int kilobytes = 1024) => new("header bomb", (to, stop) =>
        to.SendAsync("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, kilobytes).Select(i => $"X-{i:d7}: {new string('a', 1011)}\r\n")) + "\r\n", stop));

    /// <summary>Something that is not HTTP.</summary>
    public static RawAnswer NotHttp() => new("not HTTP", (to, stop) => to.SendAsync("SSH-2.0-OpenSSH_9.6\r\n", stop));

    /// <summary>Headers at once, the body only after a while: a timeout that ends with the headers misses it.</summary>
    public static RawAnswer LateBody(string body, TimeSpan after) => new("late body", async (to, stop) =>
    {
        await to.SendAsync(Head(200, Encoding.UTF8.GetByteCount(body)), stop);
        await Task.Delay(after, stop);
        await to.SendAsync(body, stop);
    });

    private static string Head(int status, long length, string headers = "") =>
        FormattableString.Invariant($"HTTP/1.1 {status} Status\r\nContent-Type: {Json}\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n");

    private static Task HalfAsync(RawConnection to, string body, CancellationToken stop) => to.SendAsync(Head(200, Encoding.UTF8.GetByteCount(body)) + body[..(body.Length / 2)], stop);

    private static async Task CompressedAsync(RawConnection to, byte[] bytes, CancellationToken stop)
    {
        await to.SendAsync(Head(200, bytes.Length, "Content-Encoding: gzip\r\n"), stop);
        await to.SendAsync(bytes, stop);
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
