using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads Medications: code, ingredients and form. A malformed one leaves the medicine that refers to it unresolved.</summary>
internal static class MedicationReader
{
    public static void Read(ref ElementReader reader, ref Header header, DocumentBuilder document)
    {
        var codes = ReadCodes(ref reader, ref header, document.Knowledge.Terminology, out var label);
        var name = document.Name(ref reader, header);
        var ordinal = document.Claim(ref reader, header, name);
        document.Medications.Add(new(name, header.FullUrl(ref reader), reader.Malformed, reader.Malformed ? default : codes, label) { Ordinal = ordinal, VersionId = header.VersionId(reader) });
    }

    /// <summary>Reads a contained Medication.</summary>
    public static MedicineCodes ReadCodes(ref ElementReader reader, Terminology terminology, out string? label)
    {
        var header = new Header(ResourceType.Medication, default, 0);
        return ReadCodes(ref reader, ref header, terminology, out label);
    }

    private static MedicineCodes ReadCodes(ref ElementReader reader, ref Header header, Terminology terminology, out string? label)
    {
        var code = new Concept(terminology.Medicines, terminology.Stems);
        var form = new Concept(terminology.Answers);
        while (reader.NextProperty())
        {
            if (reader.Is("code"u8))
            {
                code.Read(ref reader);
            }
            else if (reader.Is("form"u8))
            {
                form.Read(ref reader);
            }
            else if (reader.Is("ingredient"u8))
            {
                ReadIngredients(ref reader, ref code);
            }
            else if (!header.TryRead(ref reader, default))
            {
                reader.Skip();
            }
        }

        label = Labels.Of(ref reader, code);
        return new((MedicineSets)code.Sets, code.Names, MedicineReader.IsResolved(code), form.Has(CodeSystemKind.Snomed),
            ((AnswerSets)form.Sets).HasFlag(AnswerSets.InjectionForm));
    }

    private static void ReadIngredients(ref ElementReader reader, ref Concept code)
    {
        for (var entered = reader.EnterArray(); entered && reader.NextObject();)
        {
            while (reader.NextProperty())
            {
                if (reader.Is("itemCodeableConcept"u8))
                {
                    code.Read(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }
}
