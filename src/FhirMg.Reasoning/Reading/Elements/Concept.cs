using System.Runtime.CompilerServices;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>What one or several CodeableConcepts or Codings say to the rules.</summary>
internal ref struct Concept(CodeIndex index, NameStems? stems = null)
{
    /// <summary>The value sets that a code lies in, as bits.</summary>
    public uint Sets;

    /// <summary>The systems that a code is given in, as bits of <see cref="CodeSystemKind"/>.</summary>
    public uint Systems;

    /// <summary>The sets that displays and texts name.</summary>
    public MedicineSets Names;

    /// <summary>Whether there is a display or a text.</summary>
    public bool HasWords;

    /// <summary>Whether an RxNorm code has a display, or a text beside it: RxNorm's names contain their ingredients.</summary>
    public bool RxNormNamed;


    /// <summary>Code and words of the first coding that lies in a set, else of the first words.</summary>
    public ReadOnlySpan<byte> Code, Display;

    /// <summary>The system of a coding that names none, where only one is usual.</summary>
    public ReadOnlySpan<byte> DefaultSystem;

    private bool _labelled;

    /// <summary>Whether a code is given in the system.</summary>
    public readonly bool Has(CodeSystemKind kind) => (Systems & (1u << (int)kind)) != 0;

    /// <summary>Reads the CodeableConcept of the property reached.</summary>
    public void Read(ref ElementReader reader)
    {
        if (reader.EnterObject())
        {
            ReadEntered(ref reader);
        }
    }

    /// <summary>Reads the array of CodeableConcepts of the property reached.</summary>
    public void ReadList(ref ElementReader reader)
    {
        if (!reader.EnterArray())
        {
            return;
        }

        while (reader.NextObject())
        {
            ReadEntered(ref reader);
        }
    }

    /// <summary>Reads the Coding of the property reached.</summary>
    public void ReadCoding(ref ElementReader reader)
    {
        if (reader.EnterObject())
        {
            ReadCodingEntered(ref reader, out _);
        }
    }

    private void ReadEntered(ref ElementReader reader)
    {
        var rxNorm = false;
        ReadOnlySpan<byte> text = default;
        while (reader.NextProperty())
        {
            if (reader.Is("coding"u8))
            {
                if (reader.EnterArray())
                {
                    while (reader.NextObject())
                    {
                        ReadCodingEntered(ref reader, out var kind);
                        rxNorm |= kind == CodeSystemKind.RxNorm;
                    }
                }
            }
            else if (reader.Is("text"u8))
            {
                text = reader.String();
            }
            else
            {
                reader.Skip();
            }
        }

        if (!text.IsEmpty)
        {
            RxNormNamed |= rxNorm;
            AddWords(text);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadCodingEntered(ref ElementReader reader, out CodeSystemKind kind)
    {
        ReadOnlySpan<byte> system = default, code = default, display = default;
        while (reader.NextProperty())
        {
            if (reader.Is("system"u8))
            {
                system = reader.String();
            }
            else if (reader.Is("code"u8))
            {
                code = reader.String();
            }
            else if (reader.Is("display"u8))
            {
                display = reader.String();
            }
            else
            {
                reader.Skip();
            }
        }

        var sets = index.Find(system.IsEmpty ? DefaultSystem : system, code, out kind);
        if (kind == CodeSystemKind.RxNorm && stems is not null && (sets & (uint)MedicineSets.MagnesiumInjection) != 0)
        {
            sets = (sets & ~(uint)MedicineSets.MagnesiumInjection) | (uint)MedicineSets.MagnesiumOfUnknownForm;
        }

        if (sets != 0 && !_labelled)
        {
            _labelled = true;
            Code = code;
            Display = display;
        }

        Sets |= sets;
        Systems |= 1u << (int)kind;
        if (!display.IsEmpty)
        {
            RxNormNamed |= kind == CodeSystemKind.RxNorm;
            AddWords(display);
        }
    }

    private void AddWords(ReadOnlySpan<byte> words)
    {
        HasWords = true;
        if (Display.IsEmpty)
        {
            Display = words;
        }

        if (stems is not null)
        {
            Names |= stems.Find(words);
        }
    }
}
