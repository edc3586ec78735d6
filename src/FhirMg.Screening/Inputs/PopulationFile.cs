using FhirMg.Reasoning.Reading;
using ZstdSharp;

namespace FhirMg.Screening.Inputs;

/// <summary>A file of the population, given out in pieces of whole lines.</summary>
internal sealed class PopulationFile(int number, string path, int longestLine, Action<FactPlace, ReadFault> report) : IDisposable
{
    /// <summary>Bytes of a piece; more only where a line is longer.</summary>
    public const int ChunkBytes = 1 << 18;

    private PopulationStream? _stream;
    private byte[] _carried = [];
    private int _carriedLength;
    private bool _isBroken;
    private readonly List<int> _resources = [];

    public int Number => number;

    public string Path => path;

    /// <summary>How people are told of it.</summary>
    public string Name => path == PopulationFiles.StandardInput ? "standard input" : path;

    /// <summary>Bytes of its content that were given out.</summary>
    public long Position { get; private set; }

    /// <summary>Lines that were given out.</summary>
    public long Lines { get; private set; }

    /// <summary>Bytes read as they lie on disk.</summary>
    public long RawPosition => _stream?.RawPosition ?? (IsDone ? Size : 0);

    /// <summary>Bytes on disk; 0 when not known.</summary>
    public long Size { get; } = path == PopulationFiles.StandardInput || !File.Exists(path) ? 0 : new FileInfo(path).Length;

    /// <summary>When it was last written, in ticks of UTC.</summary>
    public long Modified { get; } = path == PopulationFiles.StandardInput || !File.Exists(path) ? 0 : File.GetLastWriteTimeUtc(path).Ticks;

    public bool IsDone { get; private set; }

    public bool IsBusy { get; set; }

    /// <summary>Resources of each piece, for the numbers of those without an id.</summary>
    public IReadOnlyList<int> Resources => _resources;

    /// <summary>Goes on where an earlier run was.</summary>
    public void Continue(long position, long lines, bool isDone, IEnumerable<int> resources)
    {
        (Position, Lines, IsDone) = (position, lines, isDone);
        _resources.AddRange(resources);
    }

    /// <summary>Says how many resources a piece held.</summary>
    public void CountResources(int chunk, int resources)
    {
        lock (_resources)
        {
            _resources[chunk] = resources;
        }
    }

    /// <summary>Fills the buffer with the next whole lines; null when there are none left.</summary>
    public Chunk? Next(ref byte[] buffer)
    {
        try
        {
            if (!Open())
            {
                return End();
            }

            return Fill(ref buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ZstdException)
        {
            report(new(number, Lines + 1), new(Name, Lines + 1, $"it cannot be read from here on: {e.Message.TrimEnd('.')}", Lines == 0
                ? "Check that it exists, is whole and that you may read it; the other inputs count"
                : "It may be cut off or damaged: fetch it again. The lines before count"));
            return End();
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private bool Open()
    {
        if (_stream is not null)
        {
            return true;
        }

        _stream = new PopulationStream(path);
        if (Position > 0)
        {
            _stream.Skip(Position);
            return true;
        }

        // The byte order mark and what is no NDJSON at all show in the first bytes.
        _carried = new byte[ChunkBytes];
        _carriedLength = ReadFully(_carried, 0);
        var content = _carried.AsSpan(0, _carriedLength);
        var problem = content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? "it is UTF-16, and NDJSON is UTF-8"
            : content.TrimStart(" \t\r\n"u8).StartsWith("<"u8) ? "it is XML or HTML, and no NDJSON"
            : null;
        if (problem is not null)
        {
            report(new(number, 0), new(Name, null, problem, "Ask the server for application/fhir+ndjson; nothing of it was screened"));
            return false;
        }

        if (IsSpread(content))
        {
            report(new(number, 0), new(Name, null, "it is one JSON document over several lines, perhaps a Bundle, and NDJSON has a resource on each line",
                "Write its resources on a line each (of a Bundle: jq -c '.entry[].resource'), or read it with 'fhirmg evaluate'; nothing of it was screened"));
            return false;
        }

        if (content.StartsWith("\uFEFF"u8))
        {
            content[3..].CopyTo(content);
            _carriedLength -= 3;
            Position = 3;
        }

        return true;
    }

    // Its first line is no more than a bracket, so that each of its lines would be named as no valid JSON.
    private static bool IsSpread(ReadOnlySpan<byte> content)
    {
        var text = content.StartsWith("\uFEFF"u8) ? content[3..] : content;
        text = text.TrimStart(" \t\r\n"u8);
        var end = text.IndexOf((byte)'\n');
        return end > 0 && text[0] is (byte)'{' or (byte)'[' && text[1..end].Trim(" \t\r"u8).IsEmpty;
    }

    private Chunk? End()
    {
        IsDone = true;
        Dispose();
        _carried = [];
        _carriedLength = 0;
        return null;
    }

    private Chunk? Fill(ref byte[] buffer)
    {
        while (true)
        {
            var length = _carriedLength;
            if (buffer.Length < Math.Max(ChunkBytes, length))
            {
                buffer = new byte[Math.Max(ChunkBytes, length)];
            }

            _carried.AsSpan(0, length).CopyTo(buffer);
            _carriedLength = 0;
            length += ReadMore(buffer, length, out var isEnd);
            var end = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (isEnd)
            {
                // Where reading broke off in a line, that line is part of what is reported, and not half a resource.
                return Give(buffer, _isBroken ? end : length, last: true);
            }

            if (end > 0)
            {
                Carry(buffer.AsSpan(end, length - end));
                return Give(buffer, end, last: false);
            }

            if (length > longestLine)
            {
                if (!SkipLine(length))
                {
                    return End();
                }
            }
            else
            {
                Carry(buffer.AsSpan(0, length));
                buffer = new byte[(int)Math.Min((long)buffer.Length * 2, longestLine + 1L + ChunkBytes)];
            }
        }
    }

    private Chunk? Give(byte[] buffer, int length, bool last)
    {
        if (last)
        {
            IsDone = true;
            Dispose();
        }

        if (length == 0)
        {
            return last ? End() : null;
        }

        var isEnd = buffer[length - 1] != '\n';
        var chunk = new Chunk(this, _resources.Count, Lines + 1, length, isEnd);
        Position += length;
        Lines += buffer.AsSpan(0, length).Count((byte)'\n') + (isEnd ? 1 : 0);
        lock (_resources)
        {
            _resources.Add(0);
        }

        return chunk;
    }

    // Reading on is what fails; the lines that came before it are given out all the same.
    private int ReadMore(byte[] buffer, int length, out bool isEnd)
    {
        var read = 0;
        isEnd = false;
        try
        {
            while (length + read < buffer.Length)
            {
                var more = _stream!.Read(buffer.AsSpan(length + read));
                if (more == 0)
                {
                    isEnd = true;
                    break;
                }

                read += more;
            }
        }
        catch (Exception e) when ((e is IOException or InvalidDataException or ZstdException) && length + read > 0)
        {
            var lines = Lines + buffer.AsSpan(0, length + read).Count((byte)'\n');
            report(new(number, lines + 1), new(Name, lines + 1, $"it cannot be read from here on: {e.Message.TrimEnd('.')}", "It may be cut off or damaged: fetch it again. The lines before count"));
            (isEnd, _isBroken) = (true, true);
        }

        return read;
    }

    private int ReadFully(byte[] buffer, int length)
    {
        var start = length;
        while (length < buffer.Length && _stream!.Read(buffer.AsSpan(length)) is > 0 and var read)
        {
            length += read;
        }

        return length - start;
    }

    private void Carry(ReadOnlySpan<byte> rest)
    {
        if (_carried.Length < rest.Length)
        {
            _carried = new byte[rest.Length];
        }

        rest.CopyTo(_carried);
        _carriedLength = rest.Length;
    }

    // False when the file ends in the line.
    private bool SkipLine(int length)
    {
        var skipped = (long)length;
        var buffer = new byte[ChunkBytes];
        var end = -1;
        var read = 0;
        while (end < 0 && (read = _stream!.Read(buffer)) > 0)
        {
            end = buffer.AsSpan(0, read).IndexOf((byte)'\n');
            skipped += end < 0 ? read : end + 1;
        }

        Lines++;
        Position += skipped;
        report(new(number, Lines), new(Name, Lines, $"the line is {skipped / 1_000_000} MB long, more than the {longestLine / 1_000_000} MB that a line may have", "It was left out; the others count"));
        Carry(end < 0 ? default : buffer.AsSpan(end + 1, read - end - 1));
        return end >= 0;
    }
}
