using System.Buffers;
using System.Runtime.InteropServices;
using FhirMg.Reasoning.Evaluation;

namespace FhirMg.Reasoning.Proposing;

/// <summary>References as JSON, each written once for all the resources of an assessment that give it.</summary>
internal sealed class ReferenceJson
{
    private const int CommonLength = 256;
    private readonly Dictionary<Evidence, byte[]> _written = new(ReferenceEqualityComparer.Instance);
    private readonly ArrayBufferWriter<byte> _output = new(CommonLength);

    /// <summary>A Reference by its target alone.</summary>
    public static byte[] To(string target) => [.. "{\"reference\":"u8, .. JsonText.Of(target), .. "}"u8];

    /// <summary>A Reference to each resource of an evidence.</summary>
    public byte[][] To(IReadOnlyList<Evidence> evidence)
    {
        if (evidence.Count == 0)
        {
            return [];
        }

        var references = new byte[evidence.Count][];
        for (var i = 0; i < references.Length; i++)
        {
            ref var written = ref CollectionsMarshal.GetValueRefOrAddDefault(_written, evidence[i], out _);
            references[i] = written ??= To(evidence[i]);
        }

        return references;
    }

    private byte[] To(Evidence evidence)
    {
        _output.ResetWrittenCount();
        Write(_output, Composer.Words(evidence));
        return _output.WrittenSpan.ToArray();
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
