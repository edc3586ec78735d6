using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// Tells, by a look at its first elements, of most resources that no rule asks for them. Never says so of one that the readers
/// would keep: where anything is unusual, it leaves the line to them.
/// </summary>
internal static class LineFilter
{
    /// <summary>Whether the line is surely a resource that leaves no fact.</summary>
    /// <param name="line">Without white space around it.</param>
    /// <param name="laboratory">The codes of Observations that leave one.</param>
    public static bool IsIrrelevant(ReadOnlySpan<byte> line, CodeIndex laboratory)
    {
        ReadOnlySpan<byte> start = "{\"resourceType\":\""u8;
        if (!line.StartsWith(start) || line[^1] != '}')
        {
            return false;
        }

        var rest = line[start.Length..];
        var end = rest.IndexOf((byte)'"');
        if (end <= 0)
        {
            return false;
        }

        var name = rest[..end];
        if (name.SequenceEqual("Observation"u8))
        {
            return false && laboratory is null;
        }

        return ResourceTypes.Parse(name) == ResourceType.Other && ResourceTypes.ForeignVersion(name) is null && !name.Contains((byte)'\\');
    }
}
