using System.Runtime.CompilerServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>The elements that say when something was so, as written. An empty text is one outside the grammar, not an absent one.</summary>
internal ref struct Timing
{
    private ReadOnlySpan<byte> _dateTime, _instant, _start, _end, _issued;

    /// <summary>Those of a resource of a known shape.</summary>
    public static Timing Of(scoped in ResourceTexts texts) => new()
    {
        _dateTime = texts[ReadText.DateTime],
        _instant = texts[ReadText.Instant],
        _start = texts[ReadText.PeriodStart],
        _end = texts[ReadText.PeriodEnd],
        _issued = texts[ReadText.Issued],
    };

    /// <summary>Notes where they stand; false when one does not stand there as it was read.</summary>
    public readonly bool TryPut(ref ResourceTexts texts) => texts.TryPut(ReadText.DateTime, _dateTime) && texts.TryPut(ReadText.Instant, _instant)
        && texts.TryPut(ReadText.PeriodStart, _start) && texts.TryPut(ReadText.PeriodEnd, _end) && texts.TryPut(ReadText.Issued, _issued);

    /// <summary>Reads the property reached when it says when; else leaves it.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="withStart">Whether the rules read the start of a period.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ref ElementReader reader, bool withStart)
    {
        if (reader.Is("effectiveDateTime"u8))
        {
            _dateTime = reader.String();
        }
        else if (reader.Is("effectivePeriod"u8))
        {
            ReadPeriod(ref reader, withStart);
        }
        else if (reader.Is("issued"u8))
        {
            _issued = reader.String();
        }
        else if (reader.Is("effectiveInstant"u8))
        {
            _instant = reader.String();
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>Reads the Period of the property reached.</summary>
    public void ReadPeriod(ref ElementReader reader, bool withStart)
    {
        if (!reader.EnterObject())
        {
            return;
        }

        while (reader.NextProperty())
        {
            if (reader.Is("end"u8))
            {
                _end = reader.String();
            }
            else if (withStart && reader.Is("start"u8))
            {
                _start = reader.String();
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>The time of a measurement: effectiveDateTime, effectiveInstant, effectivePeriod.end, else issued (IN-5).</summary>
    /// <param name="text">The element used, as written.</param>
    /// <param name="isInstant">Whether that is an instant, and no dateTime.</param>
    public readonly FhirTime Measured(out ReadOnlySpan<byte> text, out bool isInstant)
    {
        text = _dateTime.IsGiven() ? _dateTime : _instant.IsGiven() ? _instant : _end.IsGiven() ? _end : _issued;
        isInstant = !_dateTime.IsGiven() && (_instant.IsGiven() || !_end.IsGiven());
        return !text.IsGiven() ? default : isInstant ? FhirTimeParser.Instant(text) : FhirTimeParser.DateTime(text);
    }

    /// <summary>When the result was issued.</summary>
    public readonly FhirTime Issued => !_issued.IsGiven() ? default : FhirTimeParser.Instant(_issued);

    /// <summary>When it began: effectiveDateTime or the period's start.</summary>
    public readonly FhirTime Start => Parse(_dateTime.IsGiven() ? _dateTime : _start);

    /// <summary>The period's end as written.</summary>
    public readonly ReadOnlySpan<byte> EndText => _end;

    /// <summary>When it ended: the period's end.</summary>
    public readonly FhirTime End => Parse(_end);

    private static FhirTime Parse(ReadOnlySpan<byte> text) => !text.IsGiven() ? default : FhirTimeParser.DateTime(text);
}
