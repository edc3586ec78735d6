using System.Runtime.CompilerServices;
using System.Text;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads what <see cref="RecordWriter"/> wrote.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public byte Byte() => _bytes[_at++];

    public ulong Number()
    {
        var first = Byte();
        return first < 0x80 ? first : Number(first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Signed()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A text that is there.</summary>
    /// <param name="before">What the text begins with, which the record does not say.</param>
    public string Text(string before)
    {
        var copy = this;
        var head = copy.Number();
        if ((TextForm)(head & 7) != TextForm.Uuid)
        {
            return before + Text();
        }

        this = copy;
        return PackedText.UnpackUuid(Take(PackedText.UuidBytes), before);
    }

    public string? Text(LabelTable? labels = null)
    {
        var head = Number();
        var size = (int)(head >> 3);
        switch ((TextForm)(head & 7))
        {
            case TextForm.Null:
                return null;
            case TextForm.Uuid:
                return PackedText.UnpackUuid(Take(PackedText.UuidBytes));
            case TextForm.Numeric:
                return PackedText.UnpackNumeric(size, Take((size + 1) / 2));
            case TextForm.Label:
                return labels![size];
            default:
                var plain = Take(size);
                return ShortTexts.Of(plain) ?? Encoding.UTF8.GetString(plain);
        }
    }

    /// <summary>A text as its bytes in the record, which are the same for the same text.</summary>
    public ReadOnlySpan<byte> Packed()
    {
        var before = _at;
        var head = Number();
        var size = (int)(head >> 3);
        _ = (TextForm)(head & 7) switch
        {
            TextForm.Uuid => Take(PackedText.UuidBytes),
            TextForm.Numeric => Take((size + 1) / 2),
            TextForm.Plain => Take(size),
            _ => default,
        };
        return _bytes[before.._at];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FhirTime Time()
    {
        var head = Byte();
        var precision = (TimePrecision)(head & ~RecordWriter.WholeSeconds);
        if (precision == TimePrecision.Partial)
        {
            var first = (int)Number();
            var last = first + (int)Number();
            return new(precision, first * TimeSpan.TicksPerDay, ((last + 1L) * TimeSpan.TicksPerDay) - 1, first, last);
        }

        if (precision < TimePrecision.Partial)
        {
            return new(precision, 0, 0, 0, 0);
        }

        var day = (int)Signed();
        var ofDay = Signed();
        var start = (day * TimeSpan.TicksPerDay) + ((head & RecordWriter.WholeSeconds) != 0 ? ofDay * TimeSpan.TicksPerSecond : ofDay);
        return new(precision, start, start, day, day);
    }

    public decimal Decimal()
    {
        var head = Byte();
        var low = Number();
        var high = (head & 0x40) != 0 ? (int)(uint)Number() : 0;
        return new((int)low, (int)(low >> 32), high, (head & 0x80) != 0, (byte)(head & 0x1F));
    }

    public Interval Interval()
    {
        var flags = Byte();
        decimal? low = (flags & 1) != 0 ? Decimal() : null;
        decimal? high = (flags & 16) != 0 ? low : (flags & 2) != 0 ? Decimal() : null;
        return new(low, (flags & 4) != 0, high, (flags & 8) != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Number(byte first)
    {
        var value = first & 0x7FUL;
        for (var shift = 7; ; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        var taken = _bytes.Slice(_at, size);
        _at += size;
        return taken;
    }
}
