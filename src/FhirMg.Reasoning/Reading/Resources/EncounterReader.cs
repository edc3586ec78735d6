using System.Text;
using System.Text.Json;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads Encounters in progress with their class and reasons (IN-7, IN-10); others leave nothing.</summary>
internal static class EncounterReader
{
    private static ReadOnlySpan<byte> ClassSystem => "http://terminology.hl7.org/CodeSystem/v3-ActCode"u8;

    public static void Read(ref ElementReader reader, ref Header header, DocumentBuilder document)
    {
        ReadOnlySpan<byte> status = default;
        var reason = new Concept(document.Knowledge.Terminology.Conditions);
        var kind = new Concept(document.Knowledge.Terminology.Answers) { DefaultSystem = ClassSystem };
        var period = new Timing();
        List<string>? references = null;
        var statusUnreadable = false;
        while (reader.NextProperty())
        {
            if (reader.Is("status"u8))
            {
                status = reader.String(ref statusUnreadable);
            }
            else if (reader.Is("class"u8))
            {
                ReadClass(ref reader, ref kind, document);
            }
            else if (reader.Is("period"u8))
            {
                period.ReadPeriod(ref reader, withStart: true);
            }
            else if (reader.Is("reasonCode"u8))
            {
                reason.ReadList(ref reader);
            }
            else if (reader.Is("reasonReference"u8))
            {
                ReadReferences(ref reader, default, ref references);
            }
            else if (reader.Is("diagnosis"u8))
            {
                ReadReferences(ref reader, "condition"u8, ref references);
            }
            else if (!header.TryRead(ref reader, "subject"u8))
            {
                if (reader.Is("actualPeriod"u8))
                {
                    document.Foreign("R5", "Encounter.actualPeriod");
                }

                reader.Skip();
            }
        }

        var relevant = statusUnreadable || status.SequenceEqual("in-progress"u8);
        var name = relevant ? document.Name(ref reader, header) : null;
        var ordinal = document.Claim(ref reader, header, name, reason.Sets != 0 || references is not null);
        if (name is not null)
        {
            document.Encounters.Add(new(
                name, null, document.Subject(ref reader, header), reader.Malformed, (AnswerSets)kind.Sets,
                period.Start, period.End, (ConditionSets)reason.Sets, ReadContained(reader, header, document.Knowledge, references), references ?? [])
            { Ordinal = ordinal, VersionId = header.VersionId(reader) });
        }
    }

    private static ConditionSets ReadContained(in ElementReader reader, in Header header, Knowledge knowledge, List<string>? references)
    {
        var sets = ConditionSets.None;
        var ids = (references ?? []).Where(reference => reference.StartsWith('#')).Select(reference => reference[1..]).ToHashSet(StringComparer.Ordinal);
        if (ids.Count == 0 || !header.TryEnterContained(reader, out var contained))
        {
            return sets;
        }

        while (Header.NextContained(ref contained, out var type, out var id, out var resource))
        {
            if (type == ResourceType.Condition && ids.Contains(Encoding.UTF8.GetString(id)))
            {
                sets |= ConditionReader.ReadContained(ref resource, knowledge);
            }
        }

        return sets;
    }

    private static void ReadClass(ref ElementReader reader, ref Concept kind, DocumentBuilder document)
    {
        var ahead = reader.Json;
        if (ahead.Read() && ahead.TokenType == JsonTokenType.StartArray && ahead.Read() && ahead.TokenType == JsonTokenType.StartObject
            && ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName && ahead.ValueSpan.SequenceEqual("coding"u8))
        {
            document.Foreign("R5", "Encounter.class is a list of CodeableConcepts");
        }

        kind.ReadCoding(ref reader);
    }

    private static void ReadReferences(ref ElementReader reader, ReadOnlySpan<byte> member, ref List<string>? references)
    {
        if (!reader.EnterArray())
        {
            return;
        }

        while (reader.NextObject())
        {
            while (reader.NextProperty())
            {
                ReadOnlySpan<byte> reference = default;
                if (member.IsEmpty && reader.Is("reference"u8))
                {
                    reference = reader.String();
                }
                else if (!member.IsEmpty && reader.Is(member))
                {
                    reference = reader.Reference();
                }
                else
                {
                    reader.Skip();
                }

                if (reader.Text(reference) is { } text)
                {
                    (references ??= []).Add(text);
                }
            }
        }
    }
}
