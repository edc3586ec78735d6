using System.Buffers.Binary;
using System.Text;

namespace FhirMg.Screening.Worklist;

/// <summary>Names of many patients in few bytes: 17 for one that is <c>Patient/</c> and a UUID, as most are.</summary>
internal sealed class PatientNames
{
    private const int BlockBytes = 1 << 20;
    private const byte Long = 254, Uuid = 255;
    private const int UuidBytes = 16;
    private const string Prefix = "Patient/";

    // In blocks: one array for millions would be held twice each time that it grows.
    private readonly List<byte[]> _blocks = [];
    private int _last = -1;
    private int _used;

    /// <summary>Where a name lies.</summary>
    public readonly record struct Place(int Block, int Start);

    /// <summary>Bytes of memory that names take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Forgets all names; those that come take their memory.</summary>
    public void Clear() => (_last, Bytes) = (-1, 0);

    /// <summary>Keeps a name.</summary>
    public Place Add(string name)
    {
        if (name.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(name.AsSpan(Prefix.Length), "D", out var id) && id.ToString("D") is var text
            && name.AsSpan(Prefix.Length).SequenceEqual(text))
        {
            var packed = Room(1 + UuidBytes, out var place);
            packed[0] = Uuid;
            id.TryWriteBytes(packed[1..]);
            return place;
        }

        var length = Encoding.UTF8.GetByteCount(name);
        var head = length < Long ? 1 : 1 + sizeof(int);
        var bytes = Room(head + length, out var at);
        bytes[0] = (byte)Math.Min(length, Long);
        if (length >= Long)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], length);
        }

        Encoding.UTF8.GetBytes(name, bytes[head..]);
        return at;
    }

    /// <summary>The name that was kept.</summary>
    public string this[Place place]
    {
        get
        {
            var bytes = _blocks[place.Block].AsSpan(place.Start);
            return bytes[0] switch
            {
                Uuid => $"{Prefix}{new Guid(bytes.Slice(1, UuidBytes)):D}",
                Long => Encoding.UTF8.GetString(bytes.Slice(1 + sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]))),
                var length => Encoding.UTF8.GetString(bytes.Slice(1, length)),
            };
        }
    }

    private Span<byte> Room(int bytes, out Place place)
    {
        if (_last < 0 || _blocks[_last].Length - _used < bytes)
        {
            Begin(bytes);
        }

        place = new(_last, _used);
        _used += bytes;
        return _blocks[_last].AsSpan(place.Start, bytes);
    }

    private void Begin(int bytes)
    {
        _last++;
        _used = 0;
        if (_last == _blocks.Count)
        {
            _blocks.Add(new byte[Math.Max(BlockBytes, bytes)]);
        }
        else if (_blocks[_last].Length < bytes)
        {
            _blocks[_last] = new byte[bytes];
        }

        Bytes += _blocks[_last].Length;
    }
}
