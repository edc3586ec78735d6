using System.Buffers;
using System.IO.Compression;
using System.Text.Json;

namespace FhirMg.Screening.Bulk;

/// <summary>Reads the lines of a fetched file, packed or plain.</summary>
internal static class NdjsonFile
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Whether a file is packed by gzip, whatever its server called it.</summary>
    public static bool IsGzip(string path)
    {
        using var file = File.OpenRead(path);
        return file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
    }

    /// <summary>Opens a file's content.</summary>
    public static Stream Open(string path)
    {
        var isGzip = IsGzip(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.SequentialScan);
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Calls for every line that is not blank, its line feed not included.</summary>
    /// <exception cref="InvalidDataException">It is packed, and damaged.</exception>
    public static void EachLine(string path, int longest, Action<ReadOnlySpan<byte>> line)
    {
        using var stream = Open(path);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var filled = 0; ;)
            {
                var read = stream.Read(buffer, filled, buffer.Length - filled);
                filled += read;
                var begin = 0;
                for (int end; (end = buffer.AsSpan(begin, filled - begin).IndexOf((byte)'\n')) >= 0; begin += end + 1)
                {
                    Tell(buffer.AsSpan(begin, end), line);
                }

                if (read == 0)
                {
                    Tell(buffer.AsSpan(begin, filled - begin), line);
                    return;
                }

                filled -= begin;
                buffer.AsSpan(begin, filled).CopyTo(buffer);
                if (filled == buffer.Length)
                {
                    buffer = filled >= longest ? throw new InvalidDataException("a line is too long") : Larger(buffer);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The <c>Type/id</c> of a resource; null when the line is none, or has no id.</summary>
    public static string? NameOf(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var type = "";
        var id = "";
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("resourceType"u8);
                var isId = reader.ValueTextEquals("id"u8);
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && (isType || isId))
                {
                    (type, id) = isType ? (reader.GetString()!, id) : (type, reader.GetString()!);
                    if (type.Length > 0 && id.Length > 0)
                    {
                        return $"{type}/{id}";
                    }
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            // What cannot be read names nothing; the screening itself says so of the line.
        }

        return null;
    }

    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static void Tell(ReadOnlySpan<byte> content, Action<ReadOnlySpan<byte>> line)
    {
        if (!content.Trim(" \t\r"u8).IsEmpty)
        {
            line(content);
        }
    }
}
