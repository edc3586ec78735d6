using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads Observations whose code lies in a row of the laboratory table, and components that do (IN-1 to IN-5).</summary>
internal static class ObservationReader
{
    /// <summary>Reads an Observation of a known shape.</summary>
    public static void Read(in ResourceTexts texts, in Header header, ObservationShape shape, DocumentBuilder document)
    {
        var reader = default(ElementReader);
        var own = shape.Own;
        own.Measure(texts[ReadText.Value]);
        Add(ref reader, header, document, own, null, shape.Stage, Timing.Of(texts));
    }

    public static void Read(ref ElementReader reader, ref Header header, DocumentBuilder document)
    {
        var start = reader;
        var startHeader = header;
        if (!TryRead(ref reader, ref header, document, whole: false))
        {
            // Something was passed over because the code is none of ours, and then a component turned out to be.
            reader = start;
            header = startHeader;
            reader.Shapes = null;
            TryRead(ref reader, ref header, document, whole: true);
        }
    }

    private static bool TryRead(ref ElementReader reader, ref Header header, DocumentBuilder document, bool whole)
    {
        var own = new Measurement();
        List<Measurement>? components = null;
        ReadOnlySpan<byte> status = default;
        var timing = new Timing();
        var (skipped, unreadableCode) = (false, false);
        while (reader.NextProperty())
        {
            if (reader.Is("component"u8))
            {
                ReadComponents(ref reader, document.Knowledge.Terminology, ref components, ref unreadableCode);
            }
            else if (!whole && own.HasCode && own.Rows == 0 && !reader.Is("id"u8) && !reader.Is("subject"u8) && !reader.Is("contained"u8))
            {
                reader.Skip();
                skipped = true;
            }
            else if (reader.Is("status"u8))
            {
                status = reader.String();
            }
            else if (reader.Is("code"u8))
            {
                ReadCode(ref reader, document.Knowledge.Terminology, ref own, ref unreadableCode);
            }
            else if (!header.TryRead(ref reader, "subject"u8) && !timing.TryRead(ref reader, withStart: false)
                && !own.TryRead(ref reader, document.Knowledge.Terminology))
            {
                reader.Skip();
            }
        }

        var relevant = own.Rows != 0 || components is not null || unreadableCode;
        if (relevant && skipped)
        {
            return false;
        }

        if (!relevant)
        {
            document.Claim(ref reader, header, null);
            Learn(reader, header, document, own, timing, new GoneShape(header.Type, Bears: false));
            return true;
        }

        var stage = Stage(status);
        Add(ref reader, header, document, own, components, stage, timing);
        if (own.Rows != 0 && components is null)
        {
            Learn(reader, header, document, own, timing, new ObservationShape(own, stage));
        }

        return true;
    }

    private static void Learn(in ElementReader reader, in Header header, DocumentBuilder document, in Measurement own, in Timing timing, ResourceShape shape)
    {
        if (reader.Learner(document) is { } shapes)
        {
            var texts = new ResourceTexts(reader.Json.Source);
            own.Put(ref texts);
            if (header.TryPut(ref texts) && timing.TryPut(ref texts))
            {
                shapes.Learn(reader.Json, texts, shape);
            }
        }
    }

    private static ResultStage Stage(ReadOnlySpan<byte> status) => status.SequenceEqual("preliminary"u8) ? ResultStage.Preliminary
        : status.SequenceEqual("final"u8) || status.SequenceEqual("amended"u8) || status.SequenceEqual("corrected"u8) ? ResultStage.Final
        : ResultStage.None;

    private static void Add(ref ElementReader reader, in Header header, DocumentBuilder document, in Measurement own, List<Measurement>? components, ResultStage stage, in Timing timing)
    {
        var name = document.Name(ref reader, header);
        var ordinal = document.Claim(ref reader, header, name);
        var subject = document.Subject(ref reader, header);
        var time = timing.Measured(out var timeText, out var isInstant);
        document.Line?.Observations.Begin(ref reader, header.VersionIdText, timeText, isInstant);
        var (text, versionId) = document.Line is null ? (reader.Text(timeText), header.VersionId(reader)) : default;
        var (issued, isMalformed) = (timing.Issued, reader.Malformed);
        if (own.Rows != 0 || components is null)
        {
            Add(own);
        }

        if (components is not null)
        {
            foreach (var component in components)
            {
                Add(component);
            }
        }

        void Add(in Measurement measurement)
        {
            var malformed = isMalformed || measurement.IsContradictory;
            var early = malformed ? SetAsideReason.Malformed : stage == ResultStage.None ? SetAsideReason.Status : !time.IsReadable ? SetAsideReason.Date : SetAsideReason.None;
            var (value, unit, reason) = measurement.Value(document.Knowledge);
            if (document.Line is { } line)
            {
                line.Observations.Add(measurement, malformed, stage == ResultStage.Preliminary, early, reason, issued, value, unit);
                return;
            }

            document.Observations.Add(new(name, null, subject, malformed, measurement.Row)
            {
                Ordinal = ordinal,
                VersionId = versionId,
                Preliminary = stage == ResultStage.Preliminary,
                Time = time,
                TimeText = text,
                Issued = issued,
                Early = early,
                Late = reason,
                Value = value,
                Unit = unit,
                UnitText = reason == SetAsideReason.Unit ? measurement.UnitText : null,
                Interpretation = measurement.Interpretation,
                Reference = measurement.Reference,
                Positive = measurement.IsPositive,
            });
        }
    }

    private static void ReadComponents(ref ElementReader reader, Terminology terminology, ref List<Measurement>? components, ref bool unreadableCode)
    {
        var before = reader.Malformed;
        reader.Malformed = false;
        if (!reader.EnterArray())
        {
            unreadableCode |= reader.Malformed;
            reader.Malformed |= before;
            return;
        }

        while (reader.NextObject())
        {
            var component = new Measurement();
            while (reader.NextProperty())
            {
                if (reader.Is("code"u8))
                {
                    ReadCode(ref reader, terminology, ref component, ref unreadableCode);
                }
                else if (!component.TryRead(ref reader, terminology))
                {
                    reader.Skip();
                }
            }

            if (component.Rows != 0)
            {
                (components ??= []).Add(component);
            }
        }

        reader.Malformed |= before;
    }

    // What a code of another JSON type says nobody knows: it may be a magnesium result, so it is named and not passed over.
    private static void ReadCode(ref ElementReader reader, Terminology terminology, ref Measurement measurement, ref bool unreadable)
    {
        var before = reader.Malformed;
        reader.Malformed = false;
        measurement.TryRead(ref reader, terminology);
        unreadable |= reader.Malformed && measurement.Rows == 0;
        reader.Malformed |= before;
    }
}

/// <summary>How far a result has come, by its status.</summary>
internal enum ResultStage : byte
{
    /// <summary>It does not count.</summary>
    None,
    Preliminary,
    Final,
}

/// <summary>What all Observations of a shape have in common.</summary>
internal sealed record ObservationShape(Measurement Own, ResultStage Stage) : ResourceShape(ResourceType.Observation)
{
    /// <inheritdoc/>
    public override void Read(in ResourceTexts texts, in Header header, DocumentBuilder document) => ObservationReader.Read(texts, header, this, document);
}
