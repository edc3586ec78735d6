using System.Text.Json;
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

        // A present condition that no rule asks for leaves a fact only where it may have to be named.
        var relevant = condition.IsPresent && (condition.Code.Sets != 0 || !condition.IsCoded || reader.Malformed || !References.NamesPatient(header.SubjectText));
        var name = relevant ? document.Name(ref reader, header) : null;
        var ordinal = document.Claim(ref reader, header, name, condition.Code.Sets != 0 || !condition.IsCoded);
        if (name is not null)
        {
            document.Conditions.Add(new(
                name, header.FullUrl(ref reader), document.Subject(ref reader, header), reader.Malformed, (ConditionSets)condition.Code.Sets,
                condition.IsConfirmed, condition.IsCoded, condition.OnsetEnd, condition.Code.Sets == 0 ? null : Labels.Of(ref reader, condition.Code))
            { Ordinal = ordinal, VersionId = header.VersionId(reader) });
        }
    }

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

        public long? OnsetEnd { get; private set; }

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
                    OnsetEnd = End(FhirTimeParser.DateTime(reader.String()));
                }
                else if (reader.Is("onsetPeriod"u8))
                {
                    var period = new Timing();
                    period.ReadPeriod(ref reader, withStart: false);
                    OnsetEnd = End(period.End);
                }
                else if (reader.Json.ValueSpan.StartsWith("abatement"u8))
                {
                    reader.Json.Read();
                    _hasAbatement |= reader.Json.TokenType != JsonTokenType.Null;
                    reader.Json.Skip();
                }
                else if (!header.TryRead(ref reader, "subject"u8))
                {
                    reader.Skip();
                }
            }
        }

        private static long? End(in FhirTime time) => time.IsReadable ? time.End : null;
    }
}
