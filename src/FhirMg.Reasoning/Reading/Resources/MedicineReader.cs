using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads MedicationRequests, -Statements and -Administrations that count by their status (IN-8); others leave nothing.</summary>
internal static class MedicineReader
{
    public static void Read(ref ElementReader reader, ref Header header, DocumentBuilder document)
    {
        var kind = header.Type switch
        {
            ResourceType.MedicationRequest => document.DraftsOf is null ? MedicineKind.Request : MedicineKind.Draft,
            ResourceType.MedicationStatement => MedicineKind.Statement,
            _ => MedicineKind.Administration,
        };
        var isRequest = header.Type == ResourceType.MedicationRequest;
        var code = new Concept(document.Knowledge.Terminology.Medicines, document.Knowledge.Terminology.Stems);
        var route = new Concept(document.Knowledge.Terminology.Answers);
        ReadOnlySpan<byte> status = default, intent = default, authored = default, medication = default;
        bool? doNotPerform = null;
        var (statusUnreadable, intentUnreadable) = (false, false);
        var timing = new Timing();
        while (reader.NextProperty())
        {
            if (reader.Is("status"u8))
            {
                status = reader.String(ref statusUnreadable);
            }
            else if (reader.Is("medicationCodeableConcept"u8))
            {
                code.Read(ref reader);
            }
            else if (reader.Is("medicationReference"u8))
            {
                medication = reader.Reference();
            }
            else if (isRequest && reader.Is("intent"u8))
            {
                intent = reader.String(ref intentUnreadable);
            }
            else if (isRequest && reader.Is("authoredOn"u8))
            {
                authored = reader.String();
            }
            else if (isRequest && reader.Is("doNotPerform"u8))
            {
                doNotPerform = reader.Boolean();
            }
            else if (isRequest ? reader.Is("dosageInstruction"u8) : reader.Is("dosage"u8))
            {
                ReadRoutes(ref reader, ref route, isList: kind != MedicineKind.Administration);
            }
            else if (!header.TryRead(ref reader, "subject"u8) && !(!isRequest && timing.TryRead(ref reader, withStart: true)))
            {
                if (reader.Is("medication"u8))
                {
                    document.Foreign("R5", $"{header.Type}.medication without its type");
                }

                reader.Skip();
            }
        }

        // What cannot be read is not taken for an ended or planned medicine: it is named as malformed.
        var relevant = statusUnreadable || Counts(kind, status, intentUnreadable ? "order"u8 : intent, doNotPerform);
        if (!relevant)
        {
            document.Claim(ref reader, header, null, bears: true);
            Learn(reader, header, document, medication, authored, timing, new GoneShape(header.Type, Bears: true));
            return;
        }

        var codes = new MedicineCodes(
            (MedicineSets)code.Sets, code.Names, IsResolved(code), route.Has(CodeSystemKind.Snomed), ((AnswerSets)route.Sets).HasFlag(AnswerSets.InjectionRoute));
        var shape = new MedicineShape(header.Type, kind, codes, Labels.Of(ref reader, code), status.SequenceEqual("in-progress"u8));
        Add(ref reader, header, document, shape, medication, authored, timing);
        Learn(reader, header, document, medication, authored, timing, shape);
    }

    /// <summary>Reads a medicine of a known shape.</summary>
    public static void Read(in ResourceTexts texts, in Header header, MedicineShape shape, DocumentBuilder document)
    {
        var reader = default(ElementReader);
        Add(ref reader, header, document, shape, texts[ReadText.MedicationReference], texts[ReadText.AuthoredOn], Timing.Of(texts));
    }

    private static void Learn(in ElementReader reader, in Header header, DocumentBuilder document, ReadOnlySpan<byte> medication, ReadOnlySpan<byte> authored, in Timing timing, ResourceShape shape)
    {
        var texts = new ResourceTexts(reader.Json.Source);
        if (reader.Learner(document) is { } shapes && header.TryPut(ref texts) && timing.TryPut(ref texts)
            && texts.TryPut(ReadText.AuthoredOn, authored) && texts.TryPut(ReadText.MedicationReference, medication))
        {
            shapes.Learn(reader.Json, texts, shape);
        }
    }

    private static void Add(ref ElementReader reader, in Header header, DocumentBuilder document, MedicineShape shape, ReadOnlySpan<byte> medication,
        ReadOnlySpan<byte> authored, in Timing timing)
    {
        var name = document.Name(ref reader, header);
        var ordinal = document.Claim(ref reader, header, name, bears: true);
        var (type, kind, codes, label, inProgress) = shape;
        var reference = reader.Text(medication);
        if (header.TryFindContained(reader, medication, ResourceType.Medication, out var contained))
        {
            var inner = MedicationReader.ReadCodes(ref contained, document.Knowledge.Terminology, out var containedLabel);
            codes = contained.Malformed ? codes : codes.And(inner);
            (label, reference) = (label ?? containedLabel, null);
        }

        var subject = document.Subject(ref reader, header);
        subject = kind == MedicineKind.Draft && IsForDrafting(document, subject, header) ? document.DraftsOf : subject;
        document.Medicines.Add(new(name, null, subject, reader.Malformed, kind)
        {
            Ordinal = ordinal,
            VersionId = header.VersionId(reader),
            Codes = codes,
            MedicationReference = reference,
            InProgress = inProgress,
            Start = type == ResourceType.MedicationRequest ? (!authored.IsGiven() ? default : FhirTimeParser.DateTime(authored)) : timing.Start,
            End = timing.End,
            Label = label,
        });
    }

    // A draft may not say yet whom it is for, or name a record that was merged into the patient's.
    private static bool IsForDrafting(DocumentBuilder document, string? subject, in Header header) => subject is null
        ? header.SubjectText.IsEmpty
        : document.DraftsFormerlyOf.Count > 0 && References.TrySplit(References.WithoutVersion(subject), "Patient", out var id, out _) && document.DraftsFormerlyOf.Contains(id);

    /// <summary>Whether the codes alone tell what it is: an ATC code, an RxNorm code of a value set, or a named RxNorm code.</summary>
    internal static bool IsResolved(in Concept code) => code.Has(CodeSystemKind.Atc) || code.Sets != 0 || code.RxNormNamed;

    private static bool Counts(MedicineKind kind, ReadOnlySpan<byte> status, ReadOnlySpan<byte> intent, bool? doNotPerform) => kind switch
    {
        MedicineKind.Request => status.SequenceEqual("active"u8) && doNotPerform != true && (intent.SequenceEqual("order"u8)
            || intent.SequenceEqual("original-order"u8) || intent.SequenceEqual("reflex-order"u8) || intent.SequenceEqual("filler-order"u8)
            || intent.SequenceEqual("instance-order"u8)),

        // What becomes of a draft is not decided: only one that is taken back, done with, or forbids the medicine is none.
        MedicineKind.Draft => doNotPerform != true && !status.SequenceEqual("cancelled"u8) && !status.SequenceEqual("stopped"u8)
            && !status.SequenceEqual("completed"u8) && !status.SequenceEqual("entered-in-error"u8),
        MedicineKind.Statement => status.SequenceEqual("active"u8) || status.SequenceEqual("intended"u8),
        _ => status.SequenceEqual("completed"u8) || status.SequenceEqual("in-progress"u8) || status.SequenceEqual("stopped"u8),
    };

    private static void ReadRoutes(ref ElementReader reader, ref Concept route, bool isList)
    {
        if (!isList)
        {
            if (reader.EnterObject())
            {
                ReadRoute(ref reader, ref route);
            }

            return;
        }

        for (var entered = reader.EnterArray(); entered && reader.NextObject();)
        {
            ReadRoute(ref reader, ref route);
        }
    }

    private static void ReadRoute(ref ElementReader reader, ref Concept route)
    {
        while (reader.NextProperty())
        {
            if (reader.Is("route"u8))
            {
                route.Read(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }
}

/// <summary>What all medicines of a shape have in common.</summary>
internal sealed record MedicineShape(ResourceType Type, MedicineKind Kind, MedicineCodes Codes, string? Label, bool InProgress) : ResourceShape(Type)
{
    /// <inheritdoc/>
    public override void Read(in ResourceTexts texts, in Header header, DocumentBuilder document) => MedicineReader.Read(texts, header, this, document);
}
