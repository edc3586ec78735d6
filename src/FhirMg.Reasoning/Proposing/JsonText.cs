using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace FhirMg.Reasoning.Proposing;

/// <summary>Texts as JSON strings, with no more escapes than JSON asks for: answers are never put into HTML.</summary>
public static class JsonText
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>A text as a JSON string, UTF-8 with its quotation marks.</summary>
    public static byte[] Of(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, text);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A text as it stands inside a JSON string: UTF-8 without quotation marks.</summary>
    public static byte[] PartOf(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        WritePart(output, text);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes a text as a JSON string.</summary>
    public static void Write(IBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        WritePart(output, text);
        output.Write("\""u8);
    }

    /// <summary>Writes a text as it stands inside a JSON string, without quotation marks.</summary>
    public static void WritePart(IBufferWriter<byte> output, string text)
    {
        var bytes = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, bytes);
        var plain = Plain(bytes[..length]);
        output.Advance(plain);
        if (plain < length)
        {
            Escape(output, bytes[plain..length]);
        }
    }

    // The bytes stand where the escaped ones go to. What is to be escaped is mostly the end of a line, and between two of them is much that is not.
    private static void Escape(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        var copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(copy);
        for (var rest = copy.AsSpan(0, bytes.Length); !rest.IsEmpty;)
        {
            if (rest[0] == '\n')
            {
                output.Write("\\n"u8);
                rest = rest[1..];
            }
            else
            {
                Rune.DecodeFromUtf8(rest, out _, out var length);
                Encoder.EncodeUtf8(rest[..length], output.GetSpan(Encoder.MaxOutputCharactersPerInputCharacter * length), out _, out var written);
                output.Advance(written);
                rest = rest[length..];
            }

            var plain = Plain(rest);
            output.Write(rest[..plain]);
            rest = rest[plain..];
        }

        ArrayPool<byte>.Shared.Return(copy);
    }

    private static int Plain(ReadOnlySpan<byte> bytes)
    {
        var at = Encoder.FindFirstCharacterToEncodeUtf8(bytes);
        return at < 0 ? bytes.Length : at;
    }
}
