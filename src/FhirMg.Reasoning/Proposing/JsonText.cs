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

    /// <summary>Writes a text as a JSON string.</summary>
    public static void Write(IBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        var bytes = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, bytes);
        var escape = Encoder.FindFirstCharacterToEncodeUtf8(bytes[..length]);
        output.Advance(escape < 0 ? length : escape);
        if (escape >= 0)
        {
            Escape(output, bytes[escape..length]);
        }

        output.Write("\""u8);
    }

    // The bytes stand where the escaped ones go to.
    private static void Escape(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        var rest = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rest);
        for (var from = 0; from < bytes.Length;)
        {
            Encoder.EncodeUtf8(rest.AsSpan(from, bytes.Length - from), output.GetSpan(bytes.Length - from + Encoder.MaxOutputCharactersPerInputCharacter), out var read, out var written);
            output.Advance(written);
            from += read;
        }

        ArrayPool<byte>.Shared.Return(rest);
    }
}
