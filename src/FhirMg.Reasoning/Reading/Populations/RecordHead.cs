using System.Runtime.CompilerServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>How a record says whom its resource is about.</summary>
internal enum SubjectForm : byte
{
    /// <summary>Nobody, readably; or the resource is about nobody, as a Medication.</summary>
    None,

    /// <summary><c>Patient/{id}</c>, or it is that Patient: the key is the id.</summary>
    Relative,

    /// <summary>An url of the web that ends in <c>Patient/{id}</c>: the key is the id, and the url is kept.</summary>
    Web,

    /// <summary>Another reference that ends in <c>Patient/{id}</c>, or what has no id: the key is all there is.</summary>
    Other,

    /// <summary>A patient contained in the resource itself.</summary>
    Contained,
}

/// <summary>What begins every record: which resource it is of, and whom that is about.</summary>
internal ref struct RecordHead
{
    private const byte TypeBits = 0x0F, HasIdBit = 0x10, GoneBit = 0x20;

    public ResourceType Type;

    /// <summary>Whether the resource left no fact and only takes the place of an older version.</summary>
    public bool Gone;

    public FactPlace Place;

    /// <summary>The id as it is packed; empty when there is none.</summary>
    public ReadOnlySpan<byte> Id;

    public ResourceNumber Number;

    public FhirTime LastUpdated;

    public SubjectForm Form;

    /// <summary>What all facts about one patient share, as it is packed.</summary>
    public ReadOnlySpan<byte> Key;

    public string? Reference;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RecordHead Read(scoped ref RecordReader record)
    {
        var first = record.Byte();
        var form = record.Byte();
        var head = new RecordHead
        {
            Type = (ResourceType)(first & TypeBits),
            Gone = (first & GoneBit) != 0,
            Form = (SubjectForm)form,
            Place = new((int)record.Number(), (long)record.Number()),
        };
        if ((first & HasIdBit) != 0)
        {
            head.Id = record.Packed();
            head.LastUpdated = record.Time();
        }
        else
        {
            head.Number = new((int)record.Number(), (int)record.Number());
        }

        head.Key = head.Form == SubjectForm.None ? default : record.Packed();
        head.Reference = head.Form == SubjectForm.Web ? record.Text() : null;
        return head;
    }

    /// <summary>Writes the head up to whom the resource is about.</summary>
    public static void Write(RecordWriter record, LineHead line, bool gone, SubjectForm form, in FactPlace place, in ResourceNumber number)
    {
        record.Byte((byte)((byte)line.Type | (line.Id.IsEmpty ? 0 : HasIdBit) | (gone ? GoneBit : 0)));
        record.Byte((byte)form);
        record.Number((ulong)place.File);
        record.Number((ulong)place.Line);
        if (line.Id.IsEmpty)
        {
            record.Number((ulong)number.Chunk);
            record.Number((ulong)number.Resource);
        }
        else
        {
            record.Packed(line.Id);
            record.Time(line.LastUpdated);
        }
    }
}
