using System.Buffers;

namespace FhirMg.Screening.Facts;

/// <summary>The facts of a lane in memory that the next lanes use again: arrays of this size are collected seldom.</summary>
internal sealed class LoadedLane(int length)
{
    /// <summary>Holds the lane, and then what is none of it.</summary>
    public byte[] Bytes { get; } = ArrayPool<byte>.Shared.Rent(length);

    public int Length => length;

    public Span<byte> Span => Bytes.AsSpan(0, length);

    /// <summary>Gives the memory back. Nobody looks into the lane any more.</summary>
    public void GiveBack() => ArrayPool<byte>.Shared.Return(Bytes);
}
