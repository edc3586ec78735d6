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

        var bears = reason.Sets != 0 || references is not null;
        ResourceShape shape = statusUnreadable || status.SequenceEqual("in-progress"u8)
            ? new EncounterShape((AnswerSets)kind.Sets, (ConditionSets)reason.Sets, bears)
            : new GoneShape(header.Type, bears);
        if (shape is EncounterShape present)
        {
            Add(ref reader, header, document, present, references ?? [], period);
        }
        else
        {
            document.Claim(ref reader, header, null, bears);
        }

        // What refers to one condition is like no other.
        var texts = new ResourceTexts(reader.Json.Source);
        if (references is null && reader.Learner(document) is { } shapes && header.TryPut(ref texts) && period.TryPut(ref texts))
        {
            shapes.Learn(reader.Json, texts, shape);
        }
    }

    /// <summary>Reads an Encounter of a known shape.</summary>
    public static void Read(in ResourceTexts texts, in Header header, EncounterShape shape, DocumentBuilder document)
    {
        var reader = default(ElementReader);
        Add(ref reader, header, document, shape, [], Timing.Of(texts));
    }

    private static void Add(ref ElementReader reader, in Header header, DocumentBuilder document, EncounterShape shape, IReadOnlyList<string> references, in Timing period)
    {
        var name = document.Name(ref reader, header);
        var ordinal = document.Claim(ref reader, header, name, shape.Bears);
        document.Encounters.Add(new(
            name, null, document.Subject(ref reader, header), reader.Malformed, shape.Class,
            period.Start, period.End, shape.Reasons, ReadContained(reader, header, document.Knowledge, references), references)
        { Ordinal = ordinal, VersionId = header.VersionId(reader) });
    }

    private static ConditionSets ReadContained(in ElementReader reader, in Header header, Knowledge knowledge, IReadOnlyList<string> references)
    {
        var sets = ConditionSets.None;
        if (references.Count == 0)
        {
            return sets;
        }

        var ids = references.Where(reference => reference.StartsWith('#')).Select(reference => reference[1..]).ToHashSet(StringComparer.Ordinal);
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

/// <summary>What all Encounters in progress of a shape have in common.</summary>
internal sealed record EncounterShape(AnswerSets Class, ConditionSets Reasons, bool Bears) : ResourceShape(ResourceType.Encounter)
{
    /// <inheritdoc/>
    public override void Read(in ResourceTexts texts, in Header header, DocumentBuilder document) => EncounterReader.Read(texts, header, this, document);
}
