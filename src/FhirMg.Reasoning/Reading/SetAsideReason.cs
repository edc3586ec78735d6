namespace FhirMg.Reasoning.Reading;

/// <summary>Why a resource does not count; where several hold, the first of this order is named.</summary>
public enum SetAsideReason : byte
{
    /// <summary>It counts.</summary>
    None,

    /// <summary>An element that the rules read has another JSON type than FHIR's, or the codes contradict each other.</summary>
    Malformed,

    /// <summary>It does not say, readably, which patient it is about.</summary>
    Subject,

    /// <summary>Its status is none that counts (IN-1).</summary>
    Status,

    /// <summary>Its time is missing, outside FHIR's grammar or the calendar, or before birth (IN-5).</summary>
    Date,

    /// <summary>Its time lies in the future (IN-5).</summary>
    Future,

    /// <summary>Its value is missing, absent by its own words, or none that can be compared (IN-3).</summary>
    Value,

    /// <summary>Its unit is missing or unknown; units are never guessed (IN-2).</summary>
    Unit,

    /// <summary>Its value cannot be (IN-4).</summary>
    Implausible,
}
