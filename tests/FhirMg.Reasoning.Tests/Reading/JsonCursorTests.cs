using System.Text;
using System.Text.Json;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Tests.Reading;

/// <summary>The cursor reads what the framework's reader reads, and refuses what that refuses, in the same words.</summary>
public sealed class JsonCursorTests
{
    private const int Mutations = 200;
    private static readonly byte[] Interesting = [.. "{}[]:,\"\\ \n\r\t0123456789-+.eEtrufalsn/x"u8, 0, 1, 0x1F, 0x7F, 0x80, 0xC3, 0xFF];

    private static readonly string[] Edges =
    [
        "", " ", "\n\t", "{", "}", "[", "]", "\"", "\"a", "{}", "[]", "{} ", " [] ", "{}{}", "[][]", "{},", "1", "-", "-0", "-1", "01", "00", "0.", "0.0", ".5", "1.", "1.e1", "1e", "1e+", "1e+5", "1E-05",
        "1e5x", "1 2", "12a", "-a", "+1", "true", "truex", "tru", "True", "false", "fals", "null", "nul", "nullnull", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{a:1}", "{1:1}",
        "{\"a\":1}x", "{\"a\":[1,2,{\"b\":null}]}", "[1,]", "[,1]", "[1 2]", "[1}", "{\"a\":1]", "[\"a\"1]", "[1\"a\"]", "[\"a\"\"b\"]", "{\"a\"::1}", "[::]", "[1,,2]", "[\"\\\"\"]", "[\"\\\\\"]", "[\"\\\\\\\"\"]",
        "[\"\\u00e9\\n\"]", "[\"\\u12\"]", "[\"\\u12g4\"]", "[\"\\x\"]", "[\"\\\"]", "{\"\\u0061\":1}", "[\"a\nb\"]", "[\"a\u0001b\"]", "[\"\u007f\"]", "\u0001[]", "[\u0000]", "[\"é\"]", "[é]", "// c\n[]", "[1]/*c*/",
        "{\\\"a\":1}", "\\", "[1\\]", "[\\\"]", "{\"a\":\"b\"\\}", "[tr\\ue]", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "[0.80,0.800,-0.0,79228162514264337593543950335,79228162514264337593543950336,1e400,1.5e3,123456789012345678,1234567890.12345678]",
    ];

    [Fact]
    public void Edges_of_the_grammar_are_read_alike()
    {
        foreach (var edge in Edges)
        {
            // The blocks of 64 bytes that the index looks at begin anywhere.
            for (var before = 0; before < 130; before++)
            {
                AssertAlike(Encoding.UTF8.GetBytes(new string(' ', before) + edge));
                AssertAlike(Encoding.UTF8.GetBytes($"[\"{new string('x', before)}\",{edge}]"));
            }
        }
    }

    [Fact]
    public void Samples_are_read_alike()
    {
        foreach (var sample in Samples())
        {
            AssertAlike(sample);
            AssertAlike(JsonSerializer.SerializeToUtf8Bytes(JsonDocument.Parse(sample).RootElement));
        }
    }

    [Fact]
    public void Damaged_samples_are_read_alike()
    {
        var random = new Random(20261127);
        foreach (var sample in Samples())
        {
            var from = random.Next(Math.Max(1, sample.Length - 1500));
            var start = Array.IndexOf(sample, (byte)'{', from) is >= 0 and var brace ? brace : from;
            var piece = sample[start..Math.Min(sample.Length, start + random.Next(1, 1500))];
            for (var i = 0; i < Mutations; i++)
            {
                var damaged = piece[..random.Next(1, piece.Length + 1)];
                for (var times = random.Next(3); times > 0; times--)
                {
                    damaged[random.Next(damaged.Length)] = Interesting[random.Next(Interesting.Length)];
                }

                AssertAlike(damaged);
            }
        }
    }

    [Fact]
    public void Values_of_random_shape_are_read_passed_over_and_read_again_alike()
    {
        var random = new Random(4711);
        for (var i = 0; i < 3000; i++)
        {
            var text = new StringBuilder();
            Append(text, random, depth: random.Next(7));
            var json = Encoding.UTF8.GetBytes(text.ToString());
            AssertAlike(json);
            var index = JsonIndex.Of(json);
            AssertPassedOverAlike(json, new(json, index), random);

            // What was passed over once is not passed over again: its end is known.
            index = JsonIndex.WithEnds(json);
            var cursor = new JsonCursor(json, index);
            cursor.Read();
            var mark = cursor.Mark();
            cursor.Skip();
            Assert.False(cursor.Read());
            AssertPassedOverAlike(json, cursor.At(mark), random);
        }
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(129)]
    [InlineData(5000)]
    public void Copies_in_deep_nesting_do_not_disturb_each_other(int depth)
    {
        var json = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[{\"a\":", depth)) + "1" + string.Concat(Enumerable.Repeat("},2]", depth)));
        var index = JsonIndex.Of(json);
        var cursor = new JsonCursor(json, index);
        for (var i = 0; i < depth; i++)
        {
            cursor.Read();
            var copy = cursor;
            var other = cursor;
            copy.Skip();
            Assert.Equal(JsonTokenType.EndArray, copy.TokenType);
            other.Read();
            other.Read();
            other.Skip();
            cursor.Read();
            cursor.Read();
            Assert.Equal(JsonTokenType.PropertyName, cursor.TokenType);
        }

        Assert.True(cursor.Read());
        Assert.Equal(JsonTokenType.Number, cursor.TokenType);
        AssertAlike(json);
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_refused()
    {
        var json = Encoding.UTF8.GetBytes(new string('[', JsonSource.MaxDepth + 1) + new string(']', JsonSource.MaxDepth + 1));
        AssertAlike(json);
        AssertAlike(json[1..^1]);
    }

    [Fact]
    public void Marked_values_are_read_by_themselves()
    {
        var json = "{\"a\":{\"b\":[1,{\"c\":2}]},\"d\":3}"u8.ToArray();
        var index = JsonIndex.Of(json);
        var cursor = new JsonCursor(json, index);
        for (var i = 0; i < 4; i++)
        {
            cursor.Read();
        }

        Assert.Equal("b"u8.ToArray(), cursor.ValueSpan.ToArray());
        cursor.Read();
        var mark = cursor.Mark();
        cursor.Skip();
        var again = cursor.At(mark);
        again.Read();
        Assert.Equal(JsonTokenType.StartArray, again.TokenType);
        again.Read();
        Assert.Equal("1"u8.ToArray(), again.ValueSpan.ToArray());
        cursor.Read();
        cursor.Read();
        Assert.Equal("d"u8.ToArray(), cursor.ValueSpan.ToArray());
    }

    private static List<byte[]> Samples() => [.. Directory.EnumerateFiles(Repository.Path("fhir-samples"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static void AssertAlike(byte[] json)
    {
        var (expected, actual) = (Theirs(json), Ours(json));
        Assert.True(expected.SequenceEqual(actual), $"""
            {Encoding.UTF8.GetString(json)}
            expected: {string.Join(' ', expected)}
            but was:  {string.Join(' ', actual)}
            """);
    }

    private static List<string> Theirs(byte[] json)
    {
        var tokens = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(json, JsonSource.Options);
            while (reader.Read())
            {
                tokens.Add(Token(reader.TokenType, reader.ValueSpan, reader.ValueIsEscaped, reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var number) ? number : null));
            }
        }
        catch (JsonException e)
        {
            return [e.Message];
        }

        return tokens;
    }

    private static List<string> Ours(byte[] json)
    {
        var tokens = new List<string>();
        try
        {
            var index = JsonIndex.Of(json);
            var cursor = new JsonCursor(json, index);
            while (cursor.Read())
            {
                tokens.Add(Token(cursor.TokenType, cursor.ValueSpan, cursor.ValueIsEscaped, cursor.TokenType == JsonTokenType.Number && JsonCursor.TryGetDecimal(cursor.ValueSpan, out var number) ? number : null));
            }

            Assert.False(cursor.Read());
        }
        catch (JsonException e)
        {
            return [e.Message];
        }

        return tokens;
    }

    private static string Token(JsonTokenType type, ReadOnlySpan<byte> value, bool isEscaped, decimal? number) =>
        $"{type}:{Convert.ToHexString(value)}:{isEscaped}:{(number is { } exact ? string.Join('.', decimal.GetBits(exact)) : "")}";

    // At some tokens both pass over the value; what follows must be the same.
    private static void AssertPassedOverAlike(byte[] json, JsonCursor cursor, Random random)
    {
        var reader = new Utf8JsonReader(json, JsonSource.Options);
        while (true)
        {
            var isRead = reader.Read();
            Assert.Equal(isRead, cursor.Read());
            if (!isRead)
            {
                return;
            }

            if (random.Next(3) == 0)
            {
                reader.Skip();
                cursor.Skip();
            }

            Assert.Equal(reader.TokenType, cursor.TokenType);
            Assert.Equal(reader.ValueSpan.ToArray(), cursor.ValueSpan.ToArray());
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                Assert.Equal(Copy(ref reader), Copy(ref cursor));
                Assert.True(cursor.ValueTextEquals(Encoding.UTF8.GetBytes(reader.GetString()!)));
            }
        }
    }

    private static string Copy(ref Utf8JsonReader reader)
    {
        var bytes = new byte[reader.ValueSpan.Length];
        return Encoding.UTF8.GetString(bytes, 0, reader.CopyString(bytes));
    }

    private static string Copy(ref JsonCursor cursor)
    {
        var bytes = new byte[cursor.ValueSpan.Length];
        return Encoding.UTF8.GetString(bytes, 0, cursor.CopyString(bytes));
    }

    private static void Append(StringBuilder text, Random random, int depth)
    {
        White(text, random);
        switch (random.Next(depth > 0 ? 6 : 4))
        {
            case 0:
                text.Append(random.Next(-5000, 5000));
                text.Append(random.Next(3) == 0 ? $".{random.Next(1000)}" : "");
                text.Append(random.Next(5) == 0 ? $"e{random.Next(-9, 9)}" : "");
                break;
            case 1 or 2:
                Text(text, random);
                break;
            case 3:
                text.Append(((string[])["true", "false", "null"])[random.Next(3)]);
                break;
            case 4:
                text.Append('[');
                Separated(text, random, () => Append(text, random, depth - 1));
                text.Append(']');
                break;
            default:
                text.Append('{');
                Separated(text, random, () =>
                {
                    White(text, random);
                    Text(text, random);
                    White(text, random);
                    text.Append(':');
                    Append(text, random, depth - 1);
                });
                text.Append('}');
                break;
        }

        White(text, random);
    }

    private static void Separated(StringBuilder text, Random random, Action one)
    {
        var count = random.Next(5);
        for (var i = 0; i < count; i++)
        {
            text.Append(i > 0 ? "," : "");
            one();
        }

        White(text, random);
    }

    private static void White(StringBuilder text, Random random) => text.Append(random.Next(4) == 0 ? ((string[])[" ", "\n", "\r\n", "\t", "    "])[random.Next(5)] : "");

    private static void Text(StringBuilder text, Random random)
    {
        text.Append('"');
        for (var length = random.Next(random.Next(8) == 0 ? 90 : 9); length > 0; length--)
        {
            text.Append(random.Next(12) == 0 ? ((string[])["\\\"", "\\\\", "\\n", "\\u0416", "\\ud83d\\ude00", "ж", "{", "]", ":", ","])[random.Next(10)] : ((char)('a' + random.Next(26))).ToString());
        }

        text.Append('"');
    }
}
