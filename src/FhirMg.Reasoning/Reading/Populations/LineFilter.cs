using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// Tells, by a look at its first elements, of most resources that no rule asks for them. Never says so of one that the readers
/// would keep: where anything is unusual (another order, white space, escapes, another JSON type), it leaves the line to them.
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
        return name.SequenceEqual("Observation"u8) ? IsOtherObservation(rest[(end + 1)..], laboratory)
            : ResourceTypes.Parse(name) == ResourceType.Other && ResourceTypes.ForeignVersion(name) is null && !name.Contains((byte)'\\');
    }

    // From behind the type to the code: whatever stands between is passed over whole.
    private static bool IsOtherObservation(ReadOnlySpan<byte> rest, CodeIndex laboratory)
    {
        while (TryName(ref rest, out var name))
        {
            if (name.SequenceEqual("code"u8))
            {
                return TryOtherCode(ref rest, laboratory) && !MayStillMatter(rest);
            }

            if (name.SequenceEqual("component"u8) || !TryPassValue(ref rest))
            {
                return false;
            }
        }

        return false;
    }

    // A component may be what is asked for; and of two codes the later would count.
    private static bool MayStillMatter(ReadOnlySpan<byte> rest) =>
        rest.IndexOf("\"component\""u8) >= 0 || rest.IndexOf("\"code\":{"u8) >= 0 || rest.IndexOf("\\u"u8) >= 0;

    // ,"name":
    private static bool TryName(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (rest.Length < 4 || rest[0] != ',' || rest[1] != '"')
        {
            return false;
        }

        var end = 2;
        while (end < rest.Length && rest[end] != '"')
        {
            if (rest[end++] == '\\')
            {
                return false;
            }
        }

        if (end + 1 >= rest.Length || rest[end + 1] != ':')
        {
            return false;
        }

        name = rest[2..end];
        rest = rest[(end + 2)..];
        return true;
    }

    // "…" without escapes.
    private static bool TryText(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (rest.IsEmpty || rest[0] != '"')
        {
            return false;
        }

        var end = rest[1..].IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || rest[end + 1] == '\\')
        {
            return false;
        }

        text = rest.Slice(1, end);
        rest = rest[(end + 2)..];
        return true;
    }

    private static bool TryPassValue(scoped ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        if (rest[0] == '"')
        {
            return TryText(ref rest, out _);
        }

        if (rest[0] is (byte)'{' or (byte)'[')
        {
            var length = NestedValue.Length(rest);
            rest = length > 0 ? rest[length..] : rest;
            return length > 0;
        }

        var end = rest.IndexOfAny((byte)',', (byte)'}');
        rest = end > 0 ? rest[end..] : rest;
        return end > 0;
    }

    // {"coding":[{"system":"…","code":"…","display":"…"}],"text":"…"} of which no code is asked for.
    private static bool TryOtherCode(scoped ref ReadOnlySpan<byte> rest, CodeIndex laboratory)
    {
        ReadOnlySpan<byte> start = "{\"coding\":["u8;
        if (!rest.StartsWith(start))
        {
            return false;
        }

        rest = rest[start.Length..];
        do
        {
            if (!TryOtherCoding(ref rest, laboratory))
            {
                return false;
            }
        }
        while (TryTake(ref rest, (byte)','));

        if (!TryTake(ref rest, (byte)']'))
        {
            return false;
        }

        if (TryName(ref rest, out var name) && !(name.SequenceEqual("text"u8) && TryText(ref rest, out _)))
        {
            return false;
        }

        return TryTake(ref rest, (byte)'}');
    }

    private static bool TryOtherCoding(scoped ref ReadOnlySpan<byte> rest, CodeIndex laboratory)
    {
        ReadOnlySpan<byte> system = default, code = default;
        if (!rest.StartsWith("{\""u8))
        {
            return false;
        }

        // The brace stands where a comma would, before a further member.
        var first = true;
        while (first || (!rest.IsEmpty && rest[0] == ','))
        {
            first = false;
            rest = rest[1..];
            if (!TryText(ref rest, out var name) || !TryTake(ref rest, (byte)':') || !TryText(ref rest, out var text))
            {
                return false;
            }

            system = name.SequenceEqual("system"u8) ? text : system;
            code = name.SequenceEqual("code"u8) ? text : code;
        }

        return TryTake(ref rest, (byte)'}') && laboratory.Find(system, code, out _) == 0;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, byte expected)
    {
        if (rest.IsEmpty || rest[0] != expected)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }
}
