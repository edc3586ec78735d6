using System.Text.Json;

namespace FhirMg.Reasoning.Reading;

/// <summary>The codes of a clinicalStatus or verificationStatus.</summary>
internal struct StatusCodes
{
    private bool _any;

    /// <summary>active, recurrence or relapse.</summary>
    public bool Active { get; private set; }

    /// <summary>The single word active, as allergies are asked for.</summary>
    public bool IsPlainActive { get; private set; }

    /// <summary>refuted or entered-in-error.</summary>
    public bool Excluded { get; private set; }

    /// <summary>unconfirmed or differential.</summary>
    public bool Unconfirmed { get; private set; }

    /// <summary>It has another JSON type than FHIR R4's.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>It is a plain code, as before R4.</summary>
    public bool WasPlainText { get; private set; }

    /// <summary>It is absent, or names no code.</summary>
    public readonly bool IsEmpty => !_any;

    /// <summary>Reads the CodeableConcept of the property reached.</summary>
    public void Read(ref ElementReader reader)
    {
        var before = reader.Malformed;
        reader.Malformed = false;
        reader.Json.Read();
        WasPlainText = reader.Json.TokenType == JsonTokenType.String;
        if (reader.Json.TokenType == JsonTokenType.StartObject)
        {
            ReadEntered(ref reader);
        }
        else
        {
            reader.Malformed = reader.Json.TokenType != JsonTokenType.Null;
            reader.Json.Skip();
        }

        IsUnreadable = reader.Malformed;
        reader.Malformed |= before;
    }

    private void ReadEntered(ref ElementReader reader)
    {
        while (reader.NextProperty())
        {
            if (!reader.Is("coding"u8))
            {
                reader.Skip();
                continue;
            }

            for (var entered = reader.EnterArray(); entered && reader.NextObject();)
            {
                while (reader.NextProperty())
                {
                    if (reader.Is("code"u8))
                    {
                        Add(reader.String());
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
        }
    }

    private void Add(ReadOnlySpan<byte> code)
    {
        _any |= !code.IsEmpty;
        IsPlainActive |= code.SequenceEqual("active"u8);
        Active |= code.SequenceEqual("active"u8) || code.SequenceEqual("recurrence"u8) || code.SequenceEqual("relapse"u8);
        Excluded |= code.SequenceEqual("refuted"u8) || code.SequenceEqual("entered-in-error"u8);
        Unconfirmed |= code.SequenceEqual("unconfirmed"u8) || code.SequenceEqual("differential"u8);
    }
}
