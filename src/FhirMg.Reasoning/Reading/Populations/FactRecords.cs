using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Facts as few bytes, and back. Names, subjects and urls are no part of them: the head of the record says those.</summary>
internal sealed class FactRecords(Knowledge knowledge, LabelTable labels)
{
    private readonly Unit[] _units = [.. knowledge.Terminology.MagnesiumUnits.Units, .. knowledge.Terminology.EgfrUnits.Units];

    public static void Write(RecordWriter record, PatientFact fact)
    {
        record.Flags(fact.Malformed, fact.DeceasedFlag);
        record.Byte((byte)fact.Gender);
        record.Text(fact.VersionId);
        record.Time(fact.Birth);
        record.Time(fact.DeceasedTime);
    }

    public static PatientFact ReadPatient(ref RecordReader record, string name, int ordinal)
    {
        var flags = record.Byte();
        var gender = (AdministrativeGender)record.Byte();
        var version = record.Text();
        return new(name, null, Bit(flags, 0), record.Time(), Bit(flags, 1), record.Time()) { Ordinal = ordinal, Gender = gender, VersionId = version };
    }

    /// <summary>A result.</summary>
    /// <param name="record">Where.</param>
    /// <param name="flags">What is true of it.</param>
    /// <param name="row">The row of the laboratory table.</param>
    /// <param name="interpretation">The laboratory's.</param>
    /// <param name="early">Why it is set aside before its value is looked at.</param>
    /// <param name="late">Why its value sets it aside.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="versionId">The version of its resource, as it is packed.</param>
    /// <param name="timeText">Its time as written, as it is packed.</param>
    /// <param name="issued">When it was issued.</param>
    /// <param name="value">Its value.</param>
    /// <param name="reference">The laboratory's reference interval.</param>
    /// <param name="unitText">The unit as written, where that sets it aside.</param>
    public void WriteObservation(
        RecordWriter record, (bool Malformed, bool Preliminary, bool Positive, bool HasInstant) flags, LaboratoryRow row, LaboratoryVerdict interpretation, SetAsideReason early, SetAsideReason late,
        Unit? unit, ReadOnlySpan<byte> versionId, ReadOnlySpan<byte> timeText, in FhirTime issued, in Interval value, in Interval? reference, string? unitText)
    {
        record.Flags(flags.Malformed, flags.Preliminary, flags.Positive, reference is not null, flags.HasInstant, unitText is not null);
        record.Byte((byte)((int)row | ((int)interpretation << 4)));
        record.Byte((byte)((int)early | ((int)late << 4)));
        record.Byte(UnitNumber(unit));
        record.Packed(versionId);
        record.Packed(timeText);
        record.Time(issued);
        record.Interval(value);
        if (reference is { } interval)
        {
            record.Interval(interval);
        }

        if (unitText is not null)
        {
            record.Label(unitText, labels);
        }
    }

    public ObservationFact ReadObservation(ref RecordReader record, string name, string? subject, int ordinal)
    {
        var flags = record.Byte();
        var (row, reasons, unit) = (record.Byte(), record.Byte(), record.Byte());
        var (version, text, issued, value) = (record.Text(), record.Text(), record.Time(), record.Interval());
        return new(name, null, subject, Bit(flags, 0), (LaboratoryRow)(row & 0xF))
        {
            Ordinal = ordinal,
            VersionId = version,
            Interpretation = (LaboratoryVerdict)(row >> 4),
            Early = (SetAsideReason)(reasons & 0xF),
            Late = (SetAsideReason)(reasons >> 4),
            Unit = unit == 0 ? null : _units[unit - 1],
            Preliminary = Bit(flags, 1),
            Positive = Bit(flags, 2),
            TimeText = text,
            Time = text is null ? default : Parse(text, isInstant: Bit(flags, 4)),
            Issued = issued,
            Value = value,
            Reference = Bit(flags, 3) ? record.Interval() : null,
            UnitText = Bit(flags, 5) ? record.Text(labels) : null,
        };
    }

    public void Write(RecordWriter record, ConditionFact fact)
    {
        record.Flags(fact.Malformed, fact.Confirmed, fact.Coded, fact.OnsetEnd is not null);
        record.Text(fact.VersionId);
        record.Number((ulong)fact.Sets);
        if (fact.OnsetEnd is { } onset)
        {
            record.Signed(onset);
        }

        record.Label(fact.Label, labels);
    }

    public ConditionFact ReadCondition(ref RecordReader record, string name, string? subject, int ordinal)
    {
        var flags = record.Byte();
        var version = record.Text();
        return new(name, null, subject, Bit(flags, 0), (ConditionSets)record.Number(), Bit(flags, 1), Bit(flags, 2), Bit(flags, 3) ? record.Signed() : null, record.Text(labels))
        {
            Ordinal = ordinal,
            VersionId = version,
        };
    }

    public static void Write(RecordWriter record, EncounterFact fact)
    {
        record.Flags(fact.Malformed);
        record.Text(fact.VersionId);
        record.Number((ulong)fact.Class);
        record.Time(fact.Start);
        record.Time(fact.End);
        record.Number((ulong)fact.ReasonCodes);
        record.Number((ulong)fact.ReferencedReasons);
        record.Number((ulong)fact.ReasonReferences.Count);
        foreach (var reference in fact.ReasonReferences)
        {
            record.Text(reference);
        }
    }

    public static EncounterFact ReadEncounter(ref RecordReader record, string name, string? subject, int ordinal)
    {
        var flags = record.Byte();
        var version = record.Text();
        var (kind, start, end) = ((AnswerSets)record.Number(), record.Time(), record.Time());
        var (codes, referenced) = ((ConditionSets)record.Number(), (ConditionSets)record.Number());
        var references = new string[(int)record.Number()];
        for (var i = 0; i < references.Length; i++)
        {
            references[i] = record.Text()!;
        }

        return new(name, null, subject, Bit(flags, 0), kind, start, end, codes, referenced, references) { Ordinal = ordinal, VersionId = version };
    }

    public void Write(RecordWriter record, MedicineFact fact)
    {
        record.Flags(fact.Malformed, fact.InProgress, fact.MedicationReference is not null);
        record.Byte((byte)fact.Kind);
        record.Text(fact.VersionId);
        Write(record, fact.Codes);
        record.Time(fact.Start);
        record.Time(fact.End);
        record.Label(fact.Label, labels);
        if (fact.MedicationReference is { } reference)
        {
            record.Text(reference);
        }
    }

    public MedicineFact ReadMedicine(ref RecordReader record, string name, string? subject, int ordinal)
    {
        var flags = record.Byte();
        var (kind, version, codes) = ((MedicineKind)record.Byte(), record.Text(), ReadCodes(ref record));
        return new(name, null, subject, Bit(flags, 0), kind)
        {
            Ordinal = ordinal,
            VersionId = version,
            Codes = codes,
            InProgress = Bit(flags, 1),
            Start = record.Time(),
            End = record.Time(),
            Label = record.Text(labels),
            MedicationReference = Bit(flags, 2) ? record.Text() : null,
        };
    }

    public void Write(RecordWriter record, MedicationFact fact)
    {
        Write(record, fact.Codes);
        record.Label(fact.Label, labels);
    }

    public (MedicineCodes Codes, string? Label) ReadMedication(ref RecordReader record) => (ReadCodes(ref record), record.Text(labels));

    public void Write(RecordWriter record, AllergyFact fact)
    {
        record.Flags(fact.Malformed, fact.Magnesium, fact.Preventive, fact.Identified);
        record.Text(fact.VersionId);
        record.Label(fact.Label, labels);
    }

    public AllergyFact ReadAllergy(ref RecordReader record, string name, string? subject, int ordinal)
    {
        var flags = record.Byte();
        var version = record.Text();
        return new(name, null, subject, Bit(flags, 0), Bit(flags, 1), Bit(flags, 2), Bit(flags, 3), record.Text(labels)) { Ordinal = ordinal, VersionId = version };
    }

    public static void Write(RecordWriter record, ManifestationsFact fact)
    {
        record.Flags(fact.Malformed, fact.StatusCounts);
        record.Text(fact.VersionId);
        record.Text(fact.AuthoredText);
        record.Number(fact.Answered);
        record.Number(fact.Yes);
    }

    public static ManifestationsFact ReadManifestations(ref RecordReader record, string name, string? subject, int ordinal)
    {
        var flags = record.Byte();
        var (version, text) = (record.Text(), record.Text());
        return new(name, null, subject, Bit(flags, 0), Bit(flags, 1), text is null ? default : Parse(text, isInstant: false), text, (uint)record.Number(), (uint)record.Number())
        {
            Ordinal = ordinal,
            VersionId = version,
        };
    }

    // From 1; 0 for none. There is one object of each.
    private byte UnitNumber(Unit? unit)
    {
        var number = unit is null ? 0 : _units.Length;
        while (number > 0 && !ReferenceEquals(_units[number - 1], unit))
        {
            number--;
        }

        return (byte)number;
    }

    private static void Write(RecordWriter record, in MedicineCodes codes)
    {
        record.Flags(codes.Resolved, codes.RouteReadable, codes.Injected);
        record.Number((ulong)codes.ByCode);
        record.Number((ulong)codes.ByName);
    }

    private static MedicineCodes ReadCodes(ref RecordReader record)
    {
        var flags = record.Byte();
        return new((MedicineSets)record.Number(), (MedicineSets)record.Number(), Bit(flags, 0), Bit(flags, 1), Bit(flags, 2));
    }

    private static FhirTime Parse(string text, bool isInstant)
    {
        const int LongestOnStack = 128;
        Span<byte> bytes = text.Length <= LongestOnStack / 3 ? stackalloc byte[LongestOnStack] : new byte[text.Length * 3];
        var utf8 = bytes[..System.Text.Encoding.UTF8.GetBytes(text, bytes)];
        return isInstant ? FhirTimeParser.Instant(utf8) : FhirTimeParser.DateTime(utf8);
    }

    private static bool Bit(byte flags, int bit) => (flags & (1 << bit)) != 0;
}
