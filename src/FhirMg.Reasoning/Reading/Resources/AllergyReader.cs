using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads allergies and intolerances that count by their status (SAFE-6, RX-5); others leave nothing.</summary>
internal static class AllergyReader
{
    public static void Read(ref ElementReader reader, ref Header header, DocumentBuilder document)
    {
        var substance = new Concept(document.Knowledge.Terminology.Medicines, document.Knowledge.Terminology.Stems);
        var (clinical, verification) = (new StatusCodes(), new StatusCodes());
        while (reader.NextProperty())
        {
            if (reader.Is("code"u8))
            {
                substance.Read(ref reader);
            }
            else if (reader.Is("reaction"u8))
            {
                ReadReactions(ref reader, ref substance);
            }
            else if (reader.Is("clinicalStatus"u8))
            {
                clinical.Read(ref reader);
            }
            else if (reader.Is("verificationStatus"u8))
            {
                verification.Read(ref reader);
            }
            else if (!header.TryRead(ref reader, "patient"u8))
            {
                reader.Skip();
            }
        }

        // Unlike a medicine, an allergy belongs to a class by its name also where a code places it elsewhere.
        var sets = (MedicineSets)substance.Sets | substance.Names;

        // For people to read: what is no UTF-8 in it sets nothing aside.
        var words = reader;
        ResourceShape shape = clinical.IsUnreadable || verification.IsUnreadable || (!verification.Excluded && (clinical.IsEmpty || clinical.IsPlainActive))
            ? new AllergyShape(
                Magnesium: (sets & MedicineSets.AnyMagnesium) != 0, Preventive: sets.HasFlag(MedicineSets.MigrainePreventives),
                Identified: substance.HasWords || substance.Has(CodeSystemKind.Atc) || substance.Has(CodeSystemKind.RxNorm) || substance.Has(CodeSystemKind.Snomed),
                Labels.Of(ref words, substance))
            : new GoneShape(header.Type, Bears: true);
        if (shape is AllergyShape present)
        {
            Add(ref reader, header, document, present);
        }
        else
        {
            document.Claim(ref reader, header, null, bears: true);
        }

        var texts = new ResourceTexts(reader.Json.Source);
        if (reader.Learner(document) is { } shapes && header.TryPut(ref texts))
        {
            shapes.Learn(reader.Json, texts, shape);
        }
    }

    /// <summary>Reads an allergy of a known shape.</summary>
    public static void Read(in Header header, AllergyShape shape, DocumentBuilder document)
    {
        var reader = default(ElementReader);
        Add(ref reader, header, document, shape);
    }

    private static void Add(ref ElementReader reader, in Header header, DocumentBuilder document, AllergyShape shape)
    {
        var name = document.Name(ref reader, header);
        var ordinal = document.Claim(ref reader, header, name, bears: true);
        document.Allergies.Add(new(
            name, null, document.Subject(ref reader, header), reader.Malformed, shape.Magnesium, shape.Preventive, shape.Identified, shape.Label)
        { Ordinal = ordinal, VersionId = header.VersionId(reader) });
    }

    private static void ReadReactions(ref ElementReader reader, ref Concept substance)
    {
        for (var entered = reader.EnterArray(); entered && reader.NextObject();)
        {
            while (reader.NextProperty())
            {
                if (reader.Is("substance"u8))
                {
                    substance.Read(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }
}

/// <summary>What all allergies of a shape that count have in common.</summary>
internal sealed record AllergyShape(bool Magnesium, bool Preventive, bool Identified, string? Label) : ResourceShape(ResourceType.AllergyIntolerance)
{
    /// <inheritdoc/>
    public override void Read(in ResourceTexts texts, in Header header, DocumentBuilder document) => AllergyReader.Read(header, this, document);
}
