using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// Tells, by a look at its first elements, of most resources that no rule asks for them. Never says so of one that the readers
/// would keep: where anything is unusual (another order, white space, escapes, another JSON type), it leaves the line to them.
/// </summary>
internal static class LineFilter
{
    private const byte Comma = (byte)',', Brace = (byte)'{';

    /// <summary>Whether the line is surely a resource that leaves no fact.</summary>
    /// <param name="line">Without white space around it.</param>
    /// <param name="terminology">The codes that leave one.</param>
    public static bool IsIrrelevant(ReadOnlySpan<byte> line, Terminology terminology)
    {
        ReadOnlySpan<byte> start = "{\"resourceType\":\""u8;
        if (!line.StartsWith(start) || line[^1] != '}')
        {
            return false;
        }

        var rest = line[start.Length..];
        if (rest.StartsWith("Observation\""u8))
        {
            return IsOtherObservation(new(rest["Observation\"".Length..]), terminology.Laboratory);
        }

        var end = rest.IndexOf((byte)'"');
        if (end <= 0)
        {
            return false;
        }

        var name = rest[..end];
        var behind = new PlainText(rest[(end + 1)..]);
        return ResourceTypes.Parse(name) switch
        {
            ResourceType.Condition => IsOtherCondition(behind, terminology.Conditions),
            ResourceType.Encounter => IsPastEncounter(behind),
            ResourceType.Other => ResourceTypes.ForeignVersion(name) is null && !name.Contains((byte)'\\'),
            _ => false,
        };
    }

    // From behind the type to the code: whatever stands between is passed over whole.
    private static bool IsOtherObservation(PlainText text, CodeIndex laboratory)
    {
        while (text.TryName(Comma, out var name))
        {
            if (name.SequenceEqual("code"u8))
            {
                return OtherConcept.TryPass(ref text, laboratory, out _) && OtherConcept.Behind(text.Rest) switch
                {
                    Suspicion.None => true,
                    Suspicion.Component => HasOtherComponents(text, laboratory),
                    _ => false,
                };
            }

            if (name.SequenceEqual("component"u8) || !text.TryPassValue())
            {
                return false;
            }
        }

        return false;
    }

    // A component may be what is asked for.
    private static bool HasOtherComponents(PlainText text, CodeIndex laboratory)
    {
        while (text.TryName(Comma, out var name))
        {
            var isPassed = name.SequenceEqual("component"u8) ? TryPassComponents(ref text, laboratory)
                : name.SequenceEqual("code"u8) ? OtherConcept.TryPass(ref text, laboratory, out _)
                : text.TryPassValue();
            if (!isPassed)
            {
                return false;
            }
        }

        return text.IsAtEnd;
    }

    private static bool TryPassComponents(ref PlainText text, CodeIndex laboratory)
    {
        if (!text.TryTake((byte)'['))
        {
            return false;
        }

        do
        {
            for (var before = Brace; text.TryName(before, out var name); before = Comma)
            {
                if (!(name.SequenceEqual("code"u8) ? OtherConcept.TryPass(ref text, laboratory, out _) : text.TryPassValue()))
                {
                    return false;
                }
            }

            if (!text.TryTake((byte)'}'))
            {
                return false;
            }
        }
        while (text.TryTake(Comma));

        return text.TryTake((byte)']');
    }

    // A condition whose code is none of ours, but one of a system that we know, about a patient whom it names: whatever its status, nothing is to be said of it.
    private static bool IsOtherCondition(PlainText text, CodeIndex conditions)
    {
        ReadOnlySpan<byte> subject = default;
        var systems = 0u;
        while (text.TryName(Comma, out var name))
        {
            var isPassed = name.SequenceEqual("code"u8) ? OtherConcept.TryPass(ref text, conditions, out systems)
                : name.SequenceEqual("clinicalStatus"u8) || name.SequenceEqual("verificationStatus"u8) ? OtherConcept.TryPass(ref text, null, out _)
                : name.SequenceEqual("subject"u8) ? TryReference(ref text, out subject)
                : name.SequenceEqual("id"u8) || name.SequenceEqual("onsetDateTime"u8) ? text.TryText(out _)
                : !name.SequenceEqual("onsetPeriod"u8) && text.TryPassValue();
            if (!isPassed)
            {
                return false;
            }
        }

        const uint Known = (1u << (int)CodeSystemKind.Icd10) | (1u << (int)CodeSystemKind.Icd10Cm) | (1u << (int)CodeSystemKind.Snomed);
        return text.IsAtEnd && (systems & Known) != 0 && References.NamesPatient(subject);
    }

    // One that is not in progress, and names no reason that a later version might take back.
    private static bool IsPastEncounter(PlainText text)
    {
        var isPast = false;
        while (text.TryName(Comma, out var name))
        {
            if (name.SequenceEqual("status"u8))
            {
                isPast = text.TryText(out var status) && !status.SequenceEqual("in-progress"u8);
                if (!isPast)
                {
                    return false;
                }
            }
            else if (name.StartsWith("reason"u8) || name.SequenceEqual("diagnosis"u8) || name.SequenceEqual("actualPeriod"u8)
                || (name.SequenceEqual("class"u8) && !text.Rest.StartsWith("{"u8)) || !text.TryPassValue())
            {
                return false;
            }
        }

        return isPast && text.IsAtEnd;
    }

    private static bool TryReference(scoped ref PlainText text, out ReadOnlySpan<byte> reference)
    {
        reference = default;
        for (var before = Brace; text.TryName(before, out var name); before = Comma)
        {
            if (!(name.SequenceEqual("reference"u8) ? text.TryText(out reference) : text.TryPassValue()))
            {
                return false;
            }
        }

        return text.TryTake((byte)'}');
    }
}
