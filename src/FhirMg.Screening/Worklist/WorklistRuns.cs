using System.Buffers.Binary;
using System.Text;

namespace FhirMg.Screening.Worklist;

/// <summary>Rows of the worklist that were too many for memory: on disk in runs, each sorted, which are merged when they are asked for.</summary>
/// <param name="create">Makes the file, which only this run reads.</param>
internal sealed class WorklistRuns(Func<FileStream> create) : IDisposable
{
    private const int OrderAt = 0, ReasonAt = 8, LowAt = 12, HighAt = 16, NameAt = 20;

    /// <summary>Bytes of a row before its name.</summary>
    internal const int HeadBytes = 24;

    private readonly List<(long Start, long End)> _runs = [];
    private FileStream? _file;
    private byte[] _row = new byte[256];

    /// <summary>Whether there are runs.</summary>
    public bool Any => _runs.Count > 0;

    /// <summary>Takes a run.</summary>
    /// <param name="rows">Sorted.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Add(IEnumerable<SortedRow> rows)
    {
        _file ??= create();
        var start = _file.Position;
        foreach (var row in rows)
        {
            _file.Write(Packed(row));
        }

        _file.Flush();
        _runs.Add((start, _file.Position));
    }

    /// <summary>The rows of all runs in their order; of equal ones those of the earlier run first.</summary>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public IEnumerable<SortedRow> Merged()
    {
        var next = new PriorityQueue<WorklistRunReader, (long Order, int Run)>();
        foreach (var (run, (start, end)) in _runs.Index())
        {
            Enqueue(new(_file!.SafeFileHandle, run, start, end));
        }

        while (next.TryDequeue(out var reader, out _))
        {
            yield return reader.Row;
            Enqueue(reader);
        }

        void Enqueue(WorklistRunReader reader)
        {
            if (reader.Next())
            {
                next.Enqueue(reader, (reader.Row.Order, reader.Run));
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Bytes of the name that follows the head of a row.</summary>
    internal static int NameBytes(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadInt32LittleEndian(head[NameAt..]);

    /// <summary>The row that was written.</summary>
    internal static SortedRow Unpacked(ReadOnlySpan<byte> row) => new(
        BinaryPrimitives.ReadInt64LittleEndian(row[OrderAt..]), Encoding.UTF8.GetString(row[HeadBytes..]), BinaryPrimitives.ReadInt32LittleEndian(row[ReasonAt..]),
        BinaryPrimitives.ReadInt32LittleEndian(row[LowAt..]), BinaryPrimitives.ReadInt32LittleEndian(row[HighAt..]));

    private ReadOnlySpan<byte> Packed(in SortedRow row)
    {
        var name = Encoding.UTF8.GetByteCount(row.Patient);
        if (_row.Length < HeadBytes + name)
        {
            _row = new byte[HeadBytes + name];
        }

        BinaryPrimitives.WriteInt64LittleEndian(_row.AsSpan(OrderAt), row.Order);
        BinaryPrimitives.WriteInt32LittleEndian(_row.AsSpan(ReasonAt), row.Reason);
        BinaryPrimitives.WriteInt32LittleEndian(_row.AsSpan(LowAt), row.Low);
        BinaryPrimitives.WriteInt32LittleEndian(_row.AsSpan(HighAt), row.High);
        BinaryPrimitives.WriteInt32LittleEndian(_row.AsSpan(NameAt), name);
        Encoding.UTF8.GetBytes(row.Patient, _row.AsSpan(HeadBytes));
        return _row.AsSpan(0, HeadBytes + name);
    }
}
