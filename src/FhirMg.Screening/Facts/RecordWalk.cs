namespace FhirMg.Screening.Facts;

/// <summary>Walks over the records of a lane.</summary>
internal ref struct RecordWalk(ReadOnlySpan<byte> lane)
{
    private readonly ReadOnlySpan<byte> _lane = lane;
    private int _next;

    /// <summary>Where the record reached begins.</summary>
    public int Start { get; private set; }

    /// <summary>How long it is.</summary>
    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Record => _lane.Slice(Start, Length);

    public bool Next()
    {
        if (_next >= _lane.Length)
        {
            return false;
        }

        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = _lane[_next++];
            length |= (b & 0x7F) << shift;
            if (b < 0x80)
            {
                break;
            }
        }

        (Start, Length) = (_next, length);
        _next += length;
        return true;
    }
}
