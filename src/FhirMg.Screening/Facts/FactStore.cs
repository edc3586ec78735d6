namespace FhirMg.Screening.Facts;

/// <summary>A piece of a lane in the spill file.</summary>
internal sealed record Segment(int Lane, long Offset, int Length);

/// <summary>All facts of a run: in memory, and on disk what was made safe or no longer fits.</summary>
internal sealed class FactStore : IDisposable
{
    private const int LeastBlock = 1 << 9;
    private const int LargestBlock = 1 << 13;

    // How many blocks of each lane memory shall have room for, so that most of them are full when they go to disk.
    private const int BlocksOfLane = 4;
    private readonly FileStream _file;
    private readonly List<Segment> _segments;
    private readonly LaneWriter[] _writers;
    private long _end;

    /// <param name="path">The spill file.</param>
    /// <param name="workers">How many threads write.</param>
    /// <param name="segments">What an earlier run left in the file; what lies behind it is cut off.</param>
    /// <param name="memory">Bytes of facts that are in memory at most, about.</param>
    /// <exception cref="IOException">The file cannot be made, or another run holds it.</exception>
    public FactStore(string path, int workers, IReadOnlyList<Segment> segments, long memory)
    {
        _segments = [.. segments];
        _end = _segments.Count == 0 ? 0 : _segments.Max(segment => segment.Offset + segment.Length);
        _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        if (_file.Length < _end)
        {
            _file.Dispose();
            throw new InvalidDataException($"{path} is shorter than its run says");
        }

        _file.SetLength(_end);
        _writers = [.. Enumerable.Range(0, workers).Select(_ => new LaneWriter(BlockBytes(workers, memory)))];
    }

    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Bytes of memory that facts take.</summary>
    public long InMemory => _writers.Sum(writer => writer.Allocated);

    public LaneWriter Writer(int worker) => _writers[worker];

    /// <summary>Brings everything in memory to disk. No worker writes meanwhile.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Spill()
    {
        _file.Position = _end;
        for (var lane = 0; lane < Lanes.Count; lane++)
        {
            var start = _end;
            foreach (var block in _writers.SelectMany(writer => writer.Blocks(lane)))
            {
                _file.Write(block.Span);
                _end += block.Length;
            }

            for (; start < _end; start += int.MaxValue / 2)
            {
                _segments.Add(new(lane, start, (int)Math.Min(_end - start, int.MaxValue / 2)));
            }
        }

        _file.Flush(flushToDisk: true);
        foreach (var writer in _writers)
        {
            for (var lane = 0; lane < Lanes.Count; lane++)
            {
                writer.Empty(lane);
            }
        }
    }

    /// <summary>Gives back the memory of facts that went to disk: nothing is written any more.</summary>
    public void Trim()
    {
        Array.ForEach(_writers, writer => writer.Trim());

        // Else it stays ours until the oldest generation is collected, which happens seldom.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>A lane as a whole.</summary>
    /// <param name="lane">Its number.</param>
    /// <param name="release">Whether its memory is given back: nobody asks for it again.</param>
    /// <returns>The lane, lent: who has done with it calls <see cref="LoadedLane.GiveBack"/>.</returns>
    public LoadedLane Load(int lane, bool release)
    {
        var length = _segments.Where(segment => segment.Lane == lane).Sum(segment => (long)segment.Length)
            + _writers.Sum(writer => writer.Blocks(lane).Sum(block => (long)block.Length));
        if (length > Array.MaxLength)
        {
            throw new ScreeningException("the facts of a part of the patients are more than 2 GB. Split the input by patient and screen the parts one after the other");
        }

        var loaded = new LoadedLane((int)length);
        var bytes = loaded.Bytes;
        var at = 0;
        foreach (var segment in _segments.Where(segment => segment.Lane == lane))
        {
            for (var read = 0; read < segment.Length;)
            {
                var more = RandomAccess.Read(_file.SafeFileHandle, bytes.AsSpan(at + read, segment.Length - read), segment.Offset + read);
                read += more > 0 ? more : throw new EndOfStreamException($"{_file.Name} breaks off");
            }

            at += segment.Length;
        }

        foreach (var block in _writers.SelectMany(writer => writer.Blocks(lane)))
        {
            block.Span.CopyTo(bytes.AsSpan(at));
            at += block.Length;
        }

        if (release)
        {
            Array.ForEach(_writers, writer => writer.Release(lane));
        }

        return loaded;
    }

    public void Dispose() => _file.Dispose();

    // Each worker holds a block of each lane, full or not; with many workers and little memory these must be small.
    private static int BlockBytes(int workers, long memory) =>
        (int)Math.Clamp(memory / ((long)workers * Lanes.Count * BlocksOfLane), LeastBlock, LargestBlock);
}
