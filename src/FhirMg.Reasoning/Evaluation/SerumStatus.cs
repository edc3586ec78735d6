namespace FhirMg.Reasoning.Evaluation;

/// <summary>The status of serum magnesium: exactly one (STAT-1).</summary>
public enum SerumStatus
{
    /// <summary>No result.</summary>
    Missing,

    /// <summary>Only results older than the look-back.</summary>
    Stale,

    /// <summary>The result touches several statuses, or the age has no reference interval.</summary>
    Indeterminate,

    /// <summary>Severe hypomagnesaemia.</summary>
    Severe,

    /// <summary>Moderate hypomagnesaemia.</summary>
    Moderate,

    /// <summary>Mild hypomagnesaemia.</summary>
    Mild,

    /// <summary>Low by the international grades, inside the reference interval.</summary>
    Borderline,

    /// <summary>Inside the reference interval, below the optimal one.</summary>
    Suboptimal,

    /// <summary>Inside the reference interval.</summary>
    Normal,

    /// <summary>Above the reference interval.</summary>
    Elevated,
}
