using System.IO.Compression;
using ZstdSharp;

namespace FhirMg.Screening.Inputs;

/// <summary>A file's bytes, unpacked where its first bytes say that it is packed.</summary>
internal sealed class PopulationStream : IDisposable
{
    private const int ReadAhead = 1 << 16;
    private readonly Stream _raw;
    private readonly Stream _content;
    private readonly Rewound _start;
    private readonly bool _isGzip;
    private long _unpacked;

    /// <exception cref="IOException">It cannot be opened.</exception>
    public PopulationStream(string path)
    {
        // Read in large pieces by ourselves: a buffer in between would only copy.
        _raw = path == PopulationFiles.StandardInput ? new BufferedStream(Console.OpenStandardInput(), ReadAhead)
            : new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete });
        var (head, length) = Peek(_raw);
        _start = new Rewound(_raw, head, length);
        var magic = head.AsSpan(0, length);
        IsPacked = magic.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || magic.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]);
        _isGzip = IsPacked && magic[0] == 0x1F;
        _content = !IsPacked ? _start
            : _isGzip ? new GZipStream(new BufferedStream(_start, ReadAhead), CompressionMode.Decompress)
            : new DecompressionStream(new BufferedStream(_start, ReadAhead), leaveOpen: false);
    }

    /// <summary>Whether the content is unpacked on the way.</summary>
    public bool IsPacked { get; }

    /// <summary>Bytes read of the file as it lies on disk.</summary>
    public long RawPosition { get; private set; }

    /// <summary>Reads up to the length of the span; 0 at the end.</summary>
    /// <exception cref="InvalidDataException">The packed data are damaged or break off.</exception>
    public int Read(Span<byte> bytes)
    {
        var read = _content.Read(bytes);
        _unpacked += read;
        if (read == 0 && _isGzip && bytes.Length > 0 && (uint)_unpacked != _start.LastWord)
        {
            // .NET takes the end of the file for the end of the data; the length in gzip's last bytes knows better.
            throw new InvalidDataException("the gzip data break off before their end, or are several gzip files in one");
        }

        RawPosition = _raw.CanSeek ? _raw.Position : RawPosition + read;
        return read;
    }

    /// <summary>Goes on behind the first bytes of the content.</summary>
    public void Skip(long bytes)
    {
        if (!IsPacked && _raw.CanSeek)
        {
            ((Rewound)_content).Forget();
            _raw.Position = bytes;
            return;
        }

        var buffer = new byte[ReadAhead];
        while (bytes > 0 && Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes))) is > 0 and var read)
        {
            bytes -= read;
        }
    }

    public void Dispose()
    {
        _content.Dispose();
        _start.Dispose();
        _raw.Dispose();
    }

    private static (byte[] Head, int Length) Peek(Stream stream)
    {
        var head = new byte[4];
        return (head, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
    }

    /// <summary>A stream of which the first bytes were read already.</summary>
    private sealed class Rewound(Stream inner, byte[] head, int length) : Stream
    {
        private int _given;
        private uint _last;

        /// <summary>The last four bytes read, as gzip writes a number.</summary>
        public uint LastWord => _last;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Forget() => _given = length;

        public override int Read(Span<byte> buffer)
        {
            if (_given >= length)
            {
                var read = inner.Read(buffer);
                Remember(buffer[..read]);
                return read;
            }

            var taken = Math.Min(buffer.Length, length - _given);
            head.AsSpan(_given, taken).CopyTo(buffer);
            _given += taken;
            Remember(buffer[..taken]);
            return taken;
        }

        private void Remember(ReadOnlySpan<byte> bytes)
        {
            foreach (var b in bytes[Math.Max(0, bytes.Length - sizeof(uint))..])
            {
                _last = (_last >> 8) | ((uint)b << 24);
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
