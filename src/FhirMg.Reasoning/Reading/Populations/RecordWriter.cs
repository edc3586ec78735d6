using System.Text;

namespace FhirMg.Reasoning.Reading;

/// <summary>Writes facts into few bytes; what <see cref="RecordReader"/> reads.</summary>
internal sealed class RecordWriter
{
    /// <summary>Marks a time whose part of the day is in seconds and not in ticks.</summary>
    public const byte WholeSeconds = 0x80;

    private const int FormBits = 3;

    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Byte(byte value)
    {
        Need(1);
        _bytes[_length++] = value;
    }

    public void Flags(bool first, bool second = false, bool third = false, bool fourth = false, bool fifth = false, bool sixth = false) =>
        Byte((byte)((first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0) | (fourth ? 8 : 0) | (fifth ? 16 : 0) | (sixth ? 32 : 0)));

    /// <summary>A number in as few bytes as its size needs.</summary>
    public void Number(ulong value)
    {
        Need(10);
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[_length++] = (byte)value;
    }

    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>A text; null and empty are told apart.</summary>
    public void Text(string? text)
    {
        if (text is null)
        {
            Byte((byte)TextForm.Null);
            return;
        }

        const int LongestOnStack = 384;
        Span<byte> utf8 = text.Length <= LongestOnStack / 3 ? stackalloc byte[LongestOnStack] : new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        Text(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    /// <summary>A text of the input, empty as null; invalid UTF-8 is malformed.</summary>
    public void Text(ref ElementReader reader, ReadOnlySpan<byte> utf8)
    {
        if (!utf8.IsEmpty && Ascii.IsValid(utf8))
        {
            Text(utf8);
        }
        else
        {
            Text(reader.Text(utf8));
        }
    }

    /// <summary>A text of valid UTF-8.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        const int MostOfHead = 10;
        Need(MostOfHead + utf8.Length);
        if (PackedText.TryPackUuid(utf8, _bytes.AsSpan(_length + 1)))
        {
            _bytes[_length] = (byte)TextForm.Uuid;
            _length += 1 + PackedText.UuidBytes;
            return;
        }

        var before = _length;
        Number(((ulong)utf8.Length << FormBits) | (ulong)TextForm.Numeric);
        if (PackedText.TryPackNumeric(utf8, _bytes.AsSpan(_length)))
        {
            _length += (utf8.Length + 1) / 2;
            return;
        }

        _length = before;
        Number(((ulong)utf8.Length << FormBits) | (ulong)TextForm.Plain);
        utf8.CopyTo(_bytes.AsSpan(_length));
        _length += utf8.Length;
    }

    /// <summary>What another writer has packed.</summary>
    public void Packed(ReadOnlySpan<byte> packed)
    {
        Need(packed.Length);
        packed.CopyTo(_bytes.AsSpan(_length));
        _length += packed.Length;
    }

    /// <summary>A text that others share: its number in the table, or itself when that is full.</summary>
    public void Label(string? text, LabelTable labels)
    {
        if (text is not null && labels.Number(text) is >= 0 and var number)
        {
            Number(((ulong)number << FormBits) | (ulong)TextForm.Label);
        }
        else
        {
            Text(text);
        }
    }

    public void Time(in FhirTime time)
    {
        var ofDay = time.Start - (time.FirstDay * TimeSpan.TicksPerDay);
        var isWhole = time.Precision > TimePrecision.Partial && ofDay % TimeSpan.TicksPerSecond == 0;
        Byte((byte)((byte)time.Precision | (isWhole ? WholeSeconds : 0)));
        if (time.Precision == TimePrecision.Partial)
        {
            Number((ulong)time.FirstDay);
            Number((ulong)(time.LastDay - time.FirstDay));
        }
        else if (time.IsReadable)
        {
            Signed(time.FirstDay);
            Signed(isWhole ? ofDay / TimeSpan.TicksPerSecond : ofDay);
        }
    }

    public void Decimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        Byte((byte)((bits[3] >> 16) | (bits[3] < 0 ? 0x80 : 0) | (bits[2] != 0 ? 0x40 : 0)));
        Number(((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        if (bits[2] != 0)
        {
            Number((uint)bits[2]);
        }
    }

    public void Interval(in Interval interval)
    {
        // The same value, written the same way.
        var isPoint = interval is { Low: { } low, High: { } high } && low == high && low.Scale == high.Scale && decimal.IsNegative(low) == decimal.IsNegative(high);
        Flags(interval.Low is not null, interval.High is not null, interval.LowExcluded, interval.HighExcluded, isPoint);
        if (interval.Low is { } from)
        {
            Decimal(from);
        }

        if (!isPoint && interval.High is { } to)
        {
            Decimal(to);
        }
    }

    private void Need(int bytes)
    {
        if (_bytes.Length - _length < bytes)
        {
            Grow(bytes);
        }
    }

    private void Grow(int bytes) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
}

/// <summary>The forms that a text is written in, as the low bits of its first number.</summary>
internal enum TextForm : byte
{
    Plain = 0,
    Numeric = 1,
    Label = 2,
    Uuid = 3,
    Null = 4,
}
