using System.Text;

namespace FhirMg.Reasoning.Reading;

/// <summary>Writes facts into few bytes; what <see cref="RecordReader"/> reads.</summary>
internal sealed class RecordWriter
{
    /// <summary>Marks a time whose part of the day is in seconds and not in ticks.</summary>
    public const byte WholeSeconds = 0x80;

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
        }
        else if (PackedText.IsUuid(text))
        {
            Need(17);
            _bytes[_length++] = (byte)TextForm.Uuid;
            PackedText.PackUuid(text, _bytes.AsSpan(_length, 16));
            _length += 16;
        }
        else if (PackedText.IsNumeric(text))
        {
            var size = (text.Length + 1) / 2;
            Number(((ulong)text.Length << 3) | (ulong)TextForm.Numeric);
            Need(size);
            PackedText.PackNumeric(text, _bytes.AsSpan(_length, size));
            _length += size;
        }
        else
        {
            var size = Encoding.UTF8.GetByteCount(text);
            Number(((ulong)size << 3) | (ulong)TextForm.Plain);
            Need(size);
            _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
        }
    }

    /// <summary>A text that others share: its number in the table, or itself when that is full.</summary>
    public void Label(string? text, LabelTable labels)
    {
        if (text is not null && labels.Number(text) is >= 0 and var number)
        {
            Number(((ulong)number << 3) | (ulong)TextForm.Label);
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
        var isPoint = interval is { Low: { } low, High: { } high } && low == high && decimal.GetBits(low).AsSpan().SequenceEqual(decimal.GetBits(high));
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
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        }
    }
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

/// <summary>Texts that most identifiers and times are, in half their size.</summary>
internal static class PackedText
{
    private const string Numerals = "0123456789-:T+.Z";
    private const string Hexadecimals = "0123456789abcdef";
    private static readonly System.Buffers.SearchValues<char> NumeralSet = System.Buffers.SearchValues.Create(Numerals);
    private static readonly System.Buffers.SearchValues<char> UuidSet = System.Buffers.SearchValues.Create(Hexadecimals + "-");

    public static bool IsNumeric(string text) => text.Length > 2 && !text.AsSpan().ContainsAnyExcept(NumeralSet);

    public static void PackNumeric(string text, Span<byte> bytes)
    {
        bytes.Clear();
        for (var i = 0; i < text.Length; i++)
        {
            bytes[i / 2] |= (byte)(Numeral(text[i]) << (4 * (i % 2)));
        }
    }

    public static string UnpackNumeric(int length, ReadOnlySpan<byte> bytes) => string.Create(length, bytes, (chars, packed) =>
    {
        for (var i = 0; i < chars.Length; i++)
        {
            chars[i] = Numerals[(packed[i / 2] >> (4 * (i % 2))) & 0xF];
        }
    });

    public static bool IsUuid(string text) => text.Length == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-'
        && text.AsSpan().Count('-') == 4 && !text.AsSpan().ContainsAnyExcept(UuidSet);

    public static void PackUuid(string text, Span<byte> bytes) =>
        Guid.ParseExact(text, "D").TryWriteBytes(bytes, bigEndian: true, out _);

    public static string UnpackUuid(ReadOnlySpan<byte> bytes) => new Guid(bytes, bigEndian: true).ToString("D");

    private static int Numeral(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        '-' => 10,
        ':' => 11,
        'T' => 12,
        '+' => 13,
        '.' => 14,
        _ => 15,
    };
}
