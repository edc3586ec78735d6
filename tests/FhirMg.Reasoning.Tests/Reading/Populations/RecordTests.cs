using System.Text;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Tests.Reading.Populations;

/// <summary>What a record's writer writes, its reader reads: to the character, whatever form the text was packed in.</summary>
public sealed class RecordTests
{
    private const string Uuid = "89025cc1-2dec-910a-eaea-9f87779659d7";
    private const string Letters = "0123456789abcdefABCDEF-:T+.Z/xж \0";

    public static IEnumerable<string?> Texts =>
    [
        null, "", "1", "12", "123", "1234", "-", "--", "---", "----", "2025-11-19T17:43:00+01:00", "2025-11-19T17:43:00.123Z", "2025-11-19T17:43:00.1234+14:00", "2025", "2025-1/",
        Uuid, Uuid.ToUpperInvariant(), Uuid[1..], $"{Uuid}0", Uuid.Replace('-', '0'), "Пациент", "a\ud800b", new string('7', 5_000), new string('ж', 5_000), new string('x', 129), "123x", "12x", "x12", "1x2",
    ];

    [Fact]
    public void A_text_is_read_as_it_was_written()
    {
        foreach (var text in Texts)
        {
            AssertSame(text);
        }
    }

    [Fact]
    public void A_UUID_with_any_other_character_anywhere_is_a_text_like_any()
    {
        for (var at = 0; at < Uuid.Length; at++)
        {
            foreach (var letter in Letters)
            {
                AssertSame($"{Uuid[..at]}{letter}{Uuid[(at + 1)..]}");
            }
        }
    }

    [Fact]
    public void Any_mixture_is_read_as_it_was_written()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            AssertSame(new string(random.GetItems(Letters.AsSpan(0, random.Next(1, Letters.Length + 1)), random.Next(40))));
        }
    }

    [Fact]
    public void What_most_identifiers_and_times_are_takes_half_of_its_length()
    {
        Assert.Equal(1 + 16, Written(Uuid).Length);
        Assert.Equal(2 + 13, Written("2025-11-19T17:43:00+01:00").Length);
        Assert.Equal(1 + 2, Written("123").Length);
        Assert.Equal(1 + 2, Written("12").Length);
    }

    [Fact]
    public void Numbers_times_and_intervals_are_read_as_they_were_written()
    {
        ulong[] numbers = [0, 1, 127, 128, 16_383, 16_384, uint.MaxValue, ulong.MaxValue];
        decimal?[] ends = [null, 0m, -0.0m, 0.85m, 0.850m, 1m, 1.0m, -1m, decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m];
        var record = new RecordWriter();
        Array.ForEach(numbers, record.Number);
        Array.ForEach(numbers, number => record.Signed((long)number));
        var intervals = ends.SelectMany(low => ends.Select(high => new Interval(low, low is null, high, high > 1))).ToList();
        intervals.ForEach(interval => record.Interval(interval));
        var times = new[] { "2025", "2025-11", "2025-11-19", "2025-11-19T17:43:00+01:00", "2025-11-19T17:43:00", "2025-11-19T17:43:00.123Z", "0001-01-01T00:00:00+14:00", "x" }
            .Select(text => FhirTimeParser.DateTime(Encoding.UTF8.GetBytes(text))).ToList();
        times.ForEach(time => record.Time(time));

        var reader = new RecordReader(record.Bytes);
        foreach (var number in numbers)
        {
            Assert.Equal(number, reader.Number());
        }

        foreach (var number in numbers)
        {
            Assert.Equal((long)number, reader.Signed());
        }

        foreach (var interval in intervals)
        {
            // Also as they are written: 0.850 is not 0.85 to who reads it.
            Assert.Equal(interval.ToString(), reader.Interval().ToString());
        }

        foreach (var time in times)
        {
            Assert.Equal(time, reader.Time());
        }
    }

    private static byte[] Written(string? text)
    {
        var record = new RecordWriter();
        record.Text(text);
        return record.Bytes.ToArray();
    }

    private static void AssertSame(string? text)
    {
        // Half a surrogate pair is no text: it is read as UTF-8 has it.
        var expected = text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        var record = new RecordWriter();
        record.Text(text);
        var length = record.Bytes.Length;
        record.Byte(42);
        var reader = new RecordReader(record.Bytes);
        Assert.Equal(expected, reader.Text());
        Assert.Equal(42, reader.Byte());
        var packed = new RecordReader(record.Bytes);
        Assert.Equal(length, packed.Packed().Length);
    }
}
