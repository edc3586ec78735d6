using System.Buffers.Binary;

namespace FhirMg.Screening.Facts;

/// <summary>Where one worker puts facts: blocks of memory by lane.</summary>
internal sealed class LaneWriter
{
    private const int BlockBytes = 1 << 13;
    private const int LongestLength = 5;
    private readonly List<(byte[] Bytes, int Length)>[] _full = [.. Enumerable.Range(0, Lanes.Count).Select(_ => new List<(byte[], int)>())];
    private readonly byte[]?[] _blocks = new byte[Lanes.Count][];
    private readonly int[] _lengths = new int[Lanes.Count];
    private long _allocated;

    /// <summary>Bytes of memory that are taken; several lanes may be released at once.</summary>
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

    private byte[] Room(int lane, int bytes)
    {
        var block = _blocks[lane];
        if (block is not null && block.Length - _lengths[lane] >= bytes)
        {
            return block;
        }

        if (block is not null)
        {
            _full[lane].Add((block, _lengths[lane]));
        }

        // Pinned, so that the collector neither moves nor copies what stays to the end.
        block = GC.AllocateUninitializedArray<byte>(Math.Max(BlockBytes, bytes), pinned: true);
        Interlocked.Add(ref _allocated, block.Length);
        _blocks[lane] = block;
        _lengths[lane] = 0;
        return block;
    }
}
