using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads Conditions that are present, surely or possibly (IN-7); others leave nothing.</summary>
internal static class ConditionReader
{
    public static void Read(ref ElementReader reader, ref Header header, DocumentBuilder document)
    {
        var condition = new Condition(document.Knowledge);
        condition.Read(ref reader, ref header);
        if (condition.WasPlainText)
        {
            document.Foreign("STU3 or DSTU2", "Condition.clinicalStatus and verificationStatus are plain codes");
        }

        var isAskedFor = condition.Code.Sets != 0 || !condition.IsCoded;
        if (!condition.IsPresent)
        {
            document.Claim(ref reader, header, null, isAskedFor);
            Learn(reader, header, document, condition.Onset, new GoneShape(header.Type, isAskedFor));
            return;
        }

        // For people to read: what is no UTF-8 in it sets nothing aside.
        var words = reader;
        var shape = new ConditionShape(
            (ConditionSets)condition.Code.Sets, condition.IsConfirmed, condition.IsCoded, isAskedFor, condition.Code.Sets == 0 ? null : Labels.Of(ref words, condition.Code));
        AddPresent(ref reader, header, document, shape, condition.OnsetEnd);
        Learn(reader, header, document, condition.Onset, shape);
    }

    /// <summary>Reads a Condition of a known shape.</summary>
    public static void Read(in ResourceTexts texts, in Header header, ConditionShape shape, DocumentBuilder document)
    {
        var reader = default(ElementReader);
        AddPresent(ref reader, header, document, shape, OnsetEnd(texts[ReadText.Onset]));
    }

    private static void Learn(in ElementReader reader, in Header header, DocumentBuilder document, ReadOnlySpan<byte> onset, ResourceShape shape)
    {
        var texts = new ResourceTexts(reader.Json.Source);
        if (reader.Learner(document) is { } shapes && header.TryPut(ref texts) && texts.TryPut(ReadText.Onset, onset))
        {
            shapes.Learn(reader.Json, texts, shape);
        }
    }

    // A condition that no rule asks for leaves a fact only where it may have to be named.
    private static void AddPresent(ref ElementReader reader, in Header header, DocumentBuilder document, ConditionShape shape, long? onsetEnd)
    {
        if (!shape.IsAskedFor && !reader.Malformed && References.NamesPatient(header.SubjectText))
        {
            document.Claim(ref reader, header, null);
            return;
        }

        var name = document.Name(ref reader, header);
        var ordinal = document.Claim(ref reader, header, name);
        document.Conditions.Add(new(
            name, header.FullUrl(ref reader), document.Subject(ref reader, header), reader.Malformed, shape.Sets, shape.IsConfirmed, shape.IsCoded, onsetEnd, shape.Label)
        { Ordinal = ordinal, VersionId = header.VersionId(reader) });
    }

    private static long? OnsetEnd(ReadOnlySpan<byte> onset) => onset.IsGiven() && FhirTimeParser.DateTime(onset) is { IsReadable: true } time ? time.End : null;

    /// <summary>The sets of a condition contained in the resource that names it as a reason; none when it is not surely present.</summary>
    public static ConditionSets ReadContained(ref ElementReader reader, Knowledge knowledge)
    {
        var header = new Header(ResourceType.Condition, default, 0);
        var condition = new Condition(knowledge);
        condition.Read(ref reader, ref header);
        return condition.IsPresent && condition.IsConfirmed && !reader.Malformed ? (ConditionSets)condition.Code.Sets : ConditionSets.None;
    }

    private ref struct Condition(Knowledge knowledge)
    {
        private StatusCodes _clinical, _verification;
        private bool _hasAbatement;

        public Concept Code = new(knowledge.Terminology.Conditions);

        /// <summary>The onset as written, of a period its end.</summary>
        public ReadOnlySpan<byte> Onset;

        public readonly long? OnsetEnd => ConditionReader.OnsetEnd(Onset);

        public readonly bool IsConfirmed => !_verification.Unconfirmed;

        public readonly bool WasPlainText => _clinical.WasPlainText && _verification.WasPlainText;

        public readonly bool IsCoded => Code.Sets != 0 || Code.Has(CodeSystemKind.Icd10) || Code.Has(CodeSystemKind.Icd10Cm) || Code.Has(CodeSystemKind.Snomed);

        // A status that could not be read does not take the condition out: the condition is named as malformed.
        public readonly bool IsPresent => _clinical.IsUnreadable || _verification.IsUnreadable
            || (!_verification.Excluded && (_clinical.IsEmpty ? !_hasAbatement : _clinical.Active));

        public void Read(ref ElementReader reader, ref Header header)
        {
            while (reader.NextProperty())
            {
                if (reader.Is("code"u8))
                {
                    Code.Read(ref reader);
                }
                else if (reader.Is("clinicalStatus"u8))
                {
                    _clinical.Read(ref reader);
                }
                else if (reader.Is("verificationStatus"u8))
                {
                    _verification.Read(ref reader);
                }
                else if (reader.Is("onsetDateTime"u8))
                {
                    Onset = reader.String();
                }
                else if (reader.Is("onsetPeriod"u8))
                {
                    var period = new Timing();
                    period.ReadPeriod(ref reader, withStart: false);
                    Onset = period.EndText;
                }
                else if (reader.Json.ValueSpan.StartsWith("abatement"u8))
                {
                    _hasAbatement |= reader.SkipGiven();
                }
                else if (!header.TryRead(ref reader, "subject"u8))
                {
                    reader.Skip();
                }
            }
        }
    }
}

/// <summary>What all Conditions of a shape have in common.</summary>
internal sealed record ConditionShape(ConditionSets Sets, bool IsConfirmed, bool IsCoded, bool IsAskedFor, string? Label) : ResourceShape(ResourceType.Condition)
{
    /// <inheritdoc/>
    public override void Read(in ResourceTexts texts, in Header header, DocumentBuilder document) => ConditionReader.Read(texts, header, this, document);
}
