using System.Diagnostics;
using FhirMg.Reasoning.Reading;
using FhirMg.Screening.Facts;
using FhirMg.Screening.Inputs;

namespace FhirMg.Screening.Running;

/// <summary>The first half of a run: every line of the input is read, and what bears on a rule is kept as facts.</summary>
internal sealed class Scan(ScreeningOptions options, IReadOnlyList<PopulationFile> files, FactStore store, LabelTable labels, FaultBook faults, long memory, Action checkpoint)
    : IDisposable
{
    private readonly ChunkSource _source = new(files);
    private readonly ReaderWriterLockSlim _pieces = new();
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private long _resources, _relevant;
    private int _isSaving;

    public long Resources => Interlocked.Read(ref _resources);

    public long Relevant => Interlocked.Read(ref _relevant);

    /// <summary>Goes on with the counts of an earlier run.</summary>
    public void Continue(long resources, long relevant) => (_resources, _relevant) = (resources, relevant);

    /// <summary>Reads everything that is left.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped; every piece begun was read to its end.</exception>
    public void Run(CancellationToken cancellation) => Workers.Run(options.Threads, (worker, mustEnd) => Work(worker, mustEnd, cancellation), cancellation);

    public void Dispose() => _pieces.Dispose();

    private void Work(int worker, Func<bool> mustEnd, CancellationToken cancellation)
    {
        var reader = new PopulationReader(options.Knowledge, labels);
        var writer = store.Writer(worker);
        var buffer = Array.Empty<byte>();
        while (!mustEnd() && Piece(reader, writer, ref buffer, cancellation))
        {
            SaveWhenDue();
            if (buffer.Length > 4 * PopulationFile.ChunkBytes)
            {
                buffer = [];
            }
        }
    }

    private bool Piece(PopulationReader reader, LaneWriter writer, ref byte[] buffer, CancellationToken cancellation)
    {
        _pieces.EnterReadLock();
        try
        {
            if (_source.Next(ref buffer, cancellation) is not { } chunk)
            {
                return false;
            }

            Read(reader, writer, chunk, buffer.AsSpan(0, chunk.Length));
            return true;
        }
        finally
        {
            _pieces.ExitReadLock();
        }
    }

    private void Read(PopulationReader reader, LaneWriter writer, in Chunk chunk, ReadOnlySpan<byte> rest)
    {
        var (resources, relevant) = (0, 0);
        for (var line = chunk.FirstLine; !rest.IsEmpty; line++)
        {
            var end = rest.IndexOf((byte)'\n');
            var isCut = end < 0 && chunk.IsEnd;
            var text = Trim(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (text.IsEmpty)
            {
                continue;
            }

            var place = new FactPlace(chunk.File.Number, line);
            switch (reader.Read(text, place, new(chunk.Number, resources), isCut))
            {
                case LineReading.Kept:
                    Keep(reader, writer);
                    relevant++;
                    resources++;
                    break;
                case LineReading.PassedOver:
                    resources++;
                    break;
                default:
                    var (problem, advice) = reader.Fault!.Value;
                    faults.Add(place, new(chunk.File.Name, line, problem, isCut ? "The file may be cut off: fetch it again. The lines before count" : advice));
                    break;
            }
        }

        chunk.File.CountResources(chunk.Number, resources);
        Interlocked.Add(ref _resources, resources);
        Interlocked.Add(ref _relevant, relevant);
    }

    private static void Keep(PopulationReader reader, LaneWriter writer)
    {
        writer.Append(reader.IsLoose ? Lanes.Loose : Lanes.OfPatient(reader.Partition), reader.Record);
        if (reader.Identity != 0)
        {
            writer.Append(Lanes.OfIdentity(reader.Identity), reader.Identity);
        }
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        // Nearly every line begins and ends with its braces.
        return line.Length > 1 && line[0] == '{' && line[^1] == '}' ? line : line.Trim(" \t\r"u8);
    }

    private void SaveWhenDue()
    {
        if ((_sinceCheckpoint.Elapsed < options.CheckpointEvery && store.InMemory < memory) || Interlocked.CompareExchange(ref _isSaving, 1, 0) != 0)
        {
            return;
        }

        _pieces.EnterWriteLock();
        try
        {
            checkpoint();
            _sinceCheckpoint.Restart();
        }
        finally
        {
            _pieces.ExitWriteLock();
            Volatile.Write(ref _isSaving, 0);
        }
    }
}
