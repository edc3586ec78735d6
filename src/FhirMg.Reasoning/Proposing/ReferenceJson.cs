using System.Buffers;
using FhirMg.Reasoning.Evaluation;

namespace FhirMg.Reasoning.Proposing;

/// <summary>References as JSON, written once for all the resources that give them.</summary>
internal static class ReferenceJson
{
    private const int CommonLength = 256;

    /// <summary>A Reference by its target alone.</summary>
    public static byte[] To(string target) => [.. "{\"reference\":"u8, .. JsonText.Of(target), .. "}"u8];

    /// <summary>A Reference to each resource of an evidence.</summary>
    public static byte[][] To(IReadOnlyList<Evidence> evidence)
    {
        if (evidence.Count == 0)
        {
            return [];
        }

        var references = new byte[evidence.Count][];
        var output = new ArrayBufferWriter<byte>(CommonLength);
        for (var i = 0; i < references.Length; i++)
        {
            output.ResetWrittenCount();
            Write(output, Composer.Words(evidence[i]));
            references[i] = output.WrittenSpan.ToArray();
        }

        return references;
    }

    private static void Write(ArrayBufferWriter<byte> output, (string? Target, string? Display) words)
    {
        output.Write("{"u8);
        if (words.Target is not null)
        {
            output.Write("\"reference\":"u8);
            JsonText.Write(output, words.Target);
        }

        if (words.Display is not null)
        {
            output.Write(words.Target is null ? "\"display\":"u8 : ",\"display\":"u8);
            JsonText.Write(output, words.Display);
        }

        output.Write("}"u8);
    }
}
