namespace FhirMg.Reasoning.Reading;

/// <summary>The texts of a resource that differ from one to the next and that facts are made of.</summary>
internal enum ReadText : byte
{
    /// <summary>One that nobody asks for.</summary>
    Other,

    /// <summary>A number that nobody asks for.</summary>
    OtherNumber,
    Id,
    VersionId,
    LastUpdated,
    Subject,
    DateTime,
    Instant,
    PeriodStart,
    PeriodEnd,
    Issued,
    AuthoredOn,
    Onset,
    MedicationReference,

    /// <summary>The number of a valueQuantity.</summary>
    Value,

    /// <summary>Yes or no to a question; of these there are many in one resource.</summary>
    Answer,
}
