namespace FhirMg.Service.Store;

/// <summary>A row that tells something of a patient; <c>erase-patient</c> erases it.</summary>
internal interface IPatientTrace
{
    /// <summary>Name of the server whose patient it is; null when no server is concerned.</summary>
    string? Server { get; }

    /// <summary>The patient, as <c>Patient/id</c> or as <see cref="PatientDigest"/>; null when none is concerned.</summary>
    string? Patient { get; }
}

/// <summary>A row that is erased once it is older than <c>FhirMg:RetentionDays</c>.</summary>
internal interface IRetained
{
    /// <summary>When what it tells of happened.</summary>
    DateTimeOffset At { get; }
}

/// <summary>A row that counts what happened on a day, of nobody in particular; it is erased once it is older than <c>FhirMg:RetentionDays</c>.</summary>
internal interface IRetainedByDay
{
    /// <summary>The day in UTC, as <c>yyyyMMdd</c>.</summary>
    int Day { get; }
}

/// <summary>A row that means nothing after a time, and is erased then.</summary>
internal interface IExpiring
{
    /// <summary>When it loses its meaning.</summary>
    DateTimeOffset ExpiresAt { get; }
}
