using System.Buffers.Binary;

namespace FhirMg.Screening.Facts;

/// <summary>Where one worker puts facts: blocks of memory by lane.</summary>
/// <param name="blockBytes">Bytes of a block; more only where a record is longer.</param>
internal sealed class LaneWriter(int blockBytes)
{
    private const int LongestLength = 5;
    private readonly List<(byte[] Bytes, int Length)>[] _full = [.. Enumerable.Range(0, Lanes.Count).Select(_ => new List<(byte[], int)>())];
    private readonly byte[]?[] _blocks = new byte[Lanes.Count][];
    private readonly int[] _lengths = new int[Lanes.Count];

    // Blocks whose facts went to disk. Left to the collector they would stay for long, and as many new ones be taken beside them.
    private readonly Stack<byte[]> _empty = [];

    private long _allocated;

    /// <summary>Bytes of memory that facts take; several lanes may be released at once.</summary>
    public long Allocated => Interlocked.Read(ref _allocated);

    /// <summary>Puts a record, its length before it.</summary>
    public void Append(int lane, ReadOnlySpan<byte> record)
    {
        var block = Room(lane, record.Length + LongestLength);
        var at = _lengths[lane];
        for (var rest = (uint)record.Length; ; rest >>= 7)
        {
            block[at++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80)
            {
                break;
            }
        }

        record.CopyTo(block.AsSpan(at));
        _lengths[lane] = at + record.Length;
    }

    /// <summary>Puts an identity.</summary>
    public void Append(int lane, ulong identity)
    {
        var block = Room(lane, sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(_lengths[lane]), identity);
        _lengths[lane] += sizeof(ulong);
    }

    /// <summary>The blocks of a lane.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Blocks(int lane)
    {
        foreach (var (bytes, length) in _full[lane])
        {
            yield return bytes.AsMemory(0, length);
        }

        if (_lengths[lane] > 0)
        {
            yield return _blocks[lane].AsMemory(0, _lengths[lane]);
        }
    }

    /// <summary>Forgets a lane and its memory.</summary>
    public void Release(int lane)
    {
        Interlocked.Add(ref _allocated, -(_full[lane].Sum(block => (long)block.Bytes.Length) + (_blocks[lane]?.Length ?? 0)));
        _full[lane] = [];
        _blocks[lane] = null;
        _lengths[lane] = 0;
    }

    /// <summary>Forgets a lane, whose memory is to be used again.</summary>
    public void Empty(int lane)
    {
        foreach (var block in _full[lane].Select(block => block.Bytes).Append(_blocks[lane]))
        {
            if (block?.Length == blockBytes)
            {
                _empty.Push(block);
            }
        }

        Release(lane);
    }

    /// <summary>Forgets the memory that was to be used again: nothing is written any more.</summary>
    public void Trim() => _empty.Clear();

    private byte[] Room(int lane, int bytes) =>
        _blocks[lane] is { } block && block.Length - _lengths[lane] >= bytes ? block : Begin(lane, bytes);

    private byte[] Begin(int lane, int bytes)
    {
        var block = _blocks[lane];
        if (block is not null)
        {
            _full[lane].Add((block, _lengths[lane]));
        }

        if (bytes > blockBytes || !_empty.TryPop(out block))
        {
            // Pinned, so that the collector neither moves nor copies what stays to the end.
            block = GC.AllocateUninitializedArray<byte>(Math.Max(blockBytes, bytes), pinned: true);
        }

        Interlocked.Add(ref _allocated, block.Length);
        _blocks[lane] = block;
        _lengths[lane] = 0;
        return block;
    }
}
