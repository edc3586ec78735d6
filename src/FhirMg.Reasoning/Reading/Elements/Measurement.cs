using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Code and value of an Observation or of one of its components, before it is known what the code makes of the value.</summary>
internal struct Measurement
{
    /// <summary>A number beyond every plausible value that decimal can still divide by every unit.</summary>
    public const decimal Beyond = 1_000_000_000_000_000m;

    private static ReadOnlySpan<byte> InterpretationSystem => "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"u8;

    private Quantity _quantity, _low, _high;
    private bool _isRange, _hasOtherValue, _isAbsent, _hasAnswer, _interpreted;
    private bool? _boolean;
    private AnswerSets _answers;

    /// <summary>The rows of the laboratory table that the code lies in, as bits.</summary>
    public uint Rows;

    /// <summary>Whether the code was read.</summary>
    public bool HasCode;

    public LaboratoryVerdict Interpretation;

    public Interval? Reference;

    public readonly LaboratoryRow Row => LaboratoryRows.Single(Rows);

    /// <summary>Whether the codes lie in two rows, so that nobody knows what was measured.</summary>
    public readonly bool IsContradictory => Rows != 0 && Row == LaboratoryRow.None;

    /// <summary>Makes it one with another number as its valueQuantity.</summary>
    public void Measure(ReadOnlySpan<byte> number) => _quantity.Value = number.IsEmpty ? null : ElementReader.Number(number);

    /// <summary>Notes where the number stands that <see cref="Measure"/> is given of another.</summary>
    public readonly void Put(ref ResourceTexts texts)
    {
        if (_quantity.Value is not null)
        {
            texts.Put(ReadText.Value, _quantity.Written.Start, _quantity.Written.Length);
        }
    }

    /// <summary>Reads the property reached when it is one of a measurement; else leaves it.</summary>
    public bool TryRead(ref ElementReader reader, Terminology terminology)
    {
        if (reader.Is("code"u8))
        {
            var code = new Concept(terminology.Laboratory);
            code.Read(ref reader);
            Rows = code.Sets;
            HasCode = true;
        }
        else if (reader.Is("valueQuantity"u8))
        {
            Quantity.Read(ref reader, terminology, out _quantity);
        }
        else if (reader.Is("interpretation"u8))
        {
            ReadInterpretation(ref reader, terminology);
        }
        else if (reader.Is("referenceRange"u8))
        {
            ReadReferenceRanges(ref reader, terminology);
        }
        else if (reader.Is("dataAbsentReason"u8))
        {
            reader.Json.Read();
            _isAbsent = reader.Json.TokenType != System.Text.Json.JsonTokenType.Null;
            reader.Malformed |= _isAbsent && reader.Json.TokenType != System.Text.Json.JsonTokenType.StartObject;
            reader.Json.Skip();
        }
        else if (reader.Is("valueRange"u8))
        {
            _isRange = ReadRange(ref reader, terminology, out _low, out _high);
        }
        else if (reader.Is("valueBoolean"u8))
        {
            _boolean = reader.Boolean();
        }
        else if (reader.Is("valueCodeableConcept"u8))
        {
            var answer = new Concept(terminology.Answers) { DefaultSystem = InterpretationSystem };
            answer.Read(ref reader);
            _answers |= (AnswerSets)answer.Sets;
            _hasAnswer = true;
        }
        else if (reader.Json.ValueSpan.StartsWith("value"u8))
        {
            reader.Skip();
            _hasOtherValue = true;
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>What the value is to the rules: an interval in the canonical unit, or why it does not count.</summary>
    public readonly (Interval Value, Unit? Unit, SetAsideReason Reason) Value(Knowledge knowledge) => Row switch
    {
        LaboratoryRow.Egfr => Amount(knowledge.EgfrPlausible, UnitKind.Egfr),
        var row when row.IsMagnesiumConcentration() => Amount(knowledge.Serum.Plausible, UnitKind.Magnesium),
        LaboratoryRow.PregnancyStatus => (default, null, _isAbsent || !_hasAnswer ? SetAsideReason.Value : SetAsideReason.None),
        LaboratoryRow.TetanyTest => (default, null, _isAbsent || !(_hasAnswer || _boolean is not null || _interpreted) ? SetAsideReason.Value : SetAsideReason.None),
        LaboratoryRow.HeadacheBurden => (
            _quantity.Value is { } count ? Interval.Point(count) : default, null,
            _isAbsent || !HasValue ? SetAsideReason.Value : SetAsideReason.None),
        _ => (_quantity is { Value: { } value, MagnesiumUnit: { } unit } ? Interval.Point(unit.ToCanonical(value)) : default, _quantity.MagnesiumUnit, SetAsideReason.None),
    };

    /// <summary>The unit as written where it is unknown: of the value, else of its range; empty when none is given.</summary>
    public readonly string? UnitText => _quantity.IsGiven ? _quantity.UnknownUnit ?? _quantity.MagnesiumUnit?.Code ?? _quantity.EgfrUnit?.Code
        : _low.UnknownUnit ?? _high.UnknownUnit;

    /// <summary>A positive tetany test, or the answer "pregnant".</summary>
    public readonly bool IsPositive => Row switch
    {
        LaboratoryRow.TetanyTest => _boolean == true || _answers.HasFlag(AnswerSets.TetanyPositive),
        LaboratoryRow.PregnancyStatus => _answers.HasFlag(AnswerSets.PregnantAnswer),
        _ => false,
    };

    private readonly bool HasValue => _quantity.Value is not null || _isRange || _boolean is not null || _hasAnswer || _hasOtherValue;

    private readonly (Interval, Unit?, SetAsideReason) Amount(in Interval plausible, UnitKind kind)
    {
        if (_isAbsent || !(_isRange || _quantity.Value is not null))
        {
            return (default, null, SetAsideReason.Value);
        }

        return _quantity.Value is not null
            ? Plausible(ValueOf(_quantity, kind, out var reason), plausible, _quantity.Unit(kind), reason)
            : Plausible(RangeOf(_low, _high, kind, out reason), plausible, _low.IsGiven ? _low.Unit(kind) : _high.Unit(kind), reason);
    }

    private static (Interval, Unit?, SetAsideReason) Plausible(in Interval? value, in Interval plausible, Unit? unit, SetAsideReason reason) =>
        value is not { } interval ? (default, null, reason)
        : interval.Touches(plausible) ? (interval, unit, SetAsideReason.None)
        : (interval, unit, SetAsideReason.Implausible);

    private static Interval? ValueOf(in Quantity quantity, UnitKind kind, out SetAsideReason reason)
    {
        reason = quantity.Comparator == Comparator.Other ? SetAsideReason.Value : SetAsideReason.Unit;
        return quantity.Comparator != Comparator.Other && quantity.Unit(kind) is { } unit
            ? quantity.Interval(unit)
            : null;
    }

    private static Interval? RangeOf(in Quantity low, in Quantity high, UnitKind kind, out SetAsideReason reason)
    {
        reason = SetAsideReason.Value;
        if (low.Comparator != Comparator.None || high.Comparator != Comparator.None || (low.Value is null && high.Value is null))
        {
            return null;
        }

        reason = SetAsideReason.Unit;
        if (!End(low, kind, out var from) || !End(high, kind, out var to))
        {
            return null;
        }

        reason = SetAsideReason.Value;
        return from > to ? null : Interval.Closed(from, to);
    }

    private static bool End(in Quantity end, UnitKind kind, out decimal? amount)
    {
        amount = null;
        if (end.Value is not { } value)
        {
            return true;
        }

        if (end.Unit(kind) is not { } unit)
        {
            return false;
        }

        amount = unit.ToCanonical(value);
        return true;
    }

    private static bool ReadRange(ref ElementReader reader, Terminology terminology, out Quantity low, out Quantity high)
    {
        (low, high) = (default, default);
        if (!reader.EnterObject())
        {
            return false;
        }

        while (reader.NextProperty())
        {
            if (!TryReadEnd(ref reader, terminology, ref low, ref high))
            {
                reader.Skip();
            }
        }

        return true;
    }

    private static bool TryReadEnd(ref ElementReader reader, Terminology terminology, ref Quantity low, ref Quantity high)
    {
        if (reader.Is("low"u8))
        {
            Quantity.Read(ref reader, terminology, out low);
            return true;
        }

        if (reader.Is("high"u8))
        {
            Quantity.Read(ref reader, terminology, out high);
            return true;
        }

        return false;
    }

    private void ReadInterpretation(ref ElementReader reader, Terminology terminology)
    {
        var interpretation = new Concept(terminology.Answers) { DefaultSystem = InterpretationSystem };
        interpretation.ReadList(ref reader);
        var answers = (AnswerSets)interpretation.Sets;
        _answers |= answers & AnswerSets.TetanyPositive;
        _interpreted |= interpretation.Systems != 0;
        Interpretation = (answers & (AnswerSets.InterpretationLow | AnswerSets.InterpretationNormal | AnswerSets.InterpretationHigh)) switch
        {
            AnswerSets.InterpretationLow => LaboratoryVerdict.Low,
            AnswerSets.InterpretationNormal => LaboratoryVerdict.Normal,
            AnswerSets.InterpretationHigh => LaboratoryVerdict.High,
            _ => LaboratoryVerdict.None,
        };
    }

    private void ReadReferenceRanges(ref ElementReader reader, Terminology terminology)
    {
        if (!reader.EnterArray())
        {
            return;
        }

        while (reader.NextObject())
        {
            Quantity low = default, high = default;
            var isNormal = true;
            while (reader.NextProperty())
            {
                if (reader.Is("type"u8))
                {
                    isNormal = IsNormal(ref reader);
                }
                else if (!TryReadEnd(ref reader, terminology, ref low, ref high))
                {
                    reader.Skip();
                }
            }

            if (isNormal)
            {
                Reference ??= RangeOf(low, high, UnitKind.Magnesium, out _);
            }
        }
    }

    // A range may also be therapeutic, critical or of a population: only the usual one says what the laboratory calls normal.
    private static bool IsNormal(ref ElementReader reader)
    {
        if (!reader.EnterObject())
        {
            return true;
        }

        var (any, normal) = (false, false);
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
                        any = true;
                        normal |= reader.String().SequenceEqual("normal"u8);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
        }

        return !any || normal;
    }
}
