using System.Text.Json;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads Patients: birth date and whether deceased (IN-6, IN-9).</summary>
internal static class PatientReader
{
    public static void Read(ref ElementReader reader, ref Header header, DocumentBuilder document)
    {
        var patient = Read(ref reader, ref header);
        var name = document.Name(ref reader, header);
        var ordinal = document.Claim(ref reader, header, name);
        document.Patients.Add(patient with { Name = name, Malformed = reader.Malformed, Ordinal = ordinal });
    }

    /// <summary>Reads a patient that is contained in the resource about it.</summary>
    public static PatientFact ReadContained(ref ElementReader reader, string name)
    {
        var header = new Header(ResourceType.Patient, default, 0);
        return Read(ref reader, ref header) with { Name = name, Malformed = reader.Malformed };
    }

    private static PatientFact Read(ref ElementReader reader, ref Header header)
    {
        FhirTime birth = default, deceasedTime = default;
        var deceased = false;
        var gender = AdministrativeGender.Unknown;
        while (reader.NextProperty())
        {
            if (reader.Is("birthDate"u8))
            {
                var text = reader.String();
                birth = !text.IsGiven() ? default : FhirTimeParser.Date(text);
            }
            else if (reader.Is("gender"u8))
            {
                gender = ReadGender(ref reader);
            }
            else if (reader.Is("deceasedDateTime"u8))
            {
                var before = reader.Malformed;
                var text = reader.String();
                deceasedTime = !text.IsGiven() ? default : FhirTimeParser.DateTime(text);
                deceased |= deceasedTime.Precision == TimePrecision.Unreadable || (reader.Malformed && !before);
            }
            else if (reader.Json.ValueSpan.StartsWith("deceased"u8))
            {
                // Anything but a plain no, also what cannot be read, counts as deceased: no proposal is made for the dead.
                var isBoolean = reader.Is("deceasedBoolean"u8);
                reader.Json.Read();
                var type = reader.Json.TokenType;
                reader.Malformed |= isBoolean && type is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null);
                deceased |= type is not JsonTokenType.Null && !(isBoolean && type == JsonTokenType.False);
                reader.Json.Skip();
            }
            else if (!header.TryRead(ref reader, default))
            {
                reader.Skip();
            }
        }

        return new("", header.FullUrl(ref reader), false, birth, deceased, deceasedTime) { Ordinal = 0, VersionId = header.VersionId(reader), Gender = gender };
    }

    // No rule asks for it, so a gender of another JSON type does not make the Patient malformed.
    private static AdministrativeGender ReadGender(ref ElementReader reader)
    {
        reader.Json.Read();
        if (reader.Json.TokenType != JsonTokenType.String)
        {
            reader.Json.Skip();
            return AdministrativeGender.Unknown;
        }

        var text = reader.Json.ValueSpan;
        return text.SequenceEqual("female"u8) ? AdministrativeGender.Female
            : text.SequenceEqual("male"u8) ? AdministrativeGender.Male
            : text.SequenceEqual("other"u8) ? AdministrativeGender.Other
            : AdministrativeGender.Unknown;
    }
}
