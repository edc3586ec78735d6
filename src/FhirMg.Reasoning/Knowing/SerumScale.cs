using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Knowing;

/// <summary>Statuses of serum magnesium (rule STAT-1), from severe to elevated; as flags, so that a result can touch several.</summary>
[Flags]
public enum SerumStatuses
{
    /// <summary>No status: missing, stale, or an age without a reference interval.</summary>
    None = 0,

    /// <summary>Severe hypomagnesaemia.</summary>
    Severe = 1 << 0,

    /// <summary>Moderate hypomagnesaemia.</summary>
    Moderate = 1 << 1,

    /// <summary>Mild hypomagnesaemia.</summary>
    Mild = 1 << 2,

    /// <summary>Low by the international grades, inside the reference interval of the age.</summary>
    Borderline = 1 << 3,

    /// <summary>Inside the reference interval, below the optimal one.</summary>
    Suboptimal = 1 << 4,

    /// <summary>Inside the reference interval.</summary>
    Normal = 1 << 5,

    /// <summary>Above the reference interval.</summary>
    Elevated = 1 << 6,

    /// <summary>Below the reference interval.</summary>
    Low = Severe | Moderate | Mild,
}

/// <summary>Serum magnesium between two ages: which status each value has there.</summary>
/// <param name="From">First age of the band, included.</param>
/// <param name="To">End of the band, excluded; null for no end.</param>
/// <param name="Reference">Reference interval in mmol/L; null where the age has none.</param>
/// <param name="Regions">The statuses with their intervals in mmol/L; empty where the age has no reference interval.</param>
public sealed record SerumBand(AgeLimit From, AgeLimit? To, Interval? Reference, IReadOnlyList<(SerumStatuses Status, Interval Values)> Regions);

/// <summary>The scale of serum magnesium: reference intervals by age, the optimal interval and the grades of severity.</summary>
/// <param name="Bands">Bands of age, youngest first, without gaps (RANGE-1, split where RANGE-2 begins).</param>
/// <param name="Optimal">Optimal interval in mmol/L (RANGE-2).</param>
/// <param name="OptimalFrom">The age from which the optimal interval holds.</param>
/// <param name="Severe">Severe grade in mmol/L (SEV-1).</param>
/// <param name="Moderate">Moderate grade in mmol/L.</param>
/// <param name="Mild">Mild grade in mmol/L.</param>
/// <param name="Plausible">Values that a result must touch to count, in mmol/L (IN-4).</param>
public sealed record SerumScale(
    IReadOnlyList<SerumBand> Bands, Interval Optimal, AgeLimit OptimalFrom, Interval Severe, Interval Moderate, Interval Mild, Interval Plausible)
{
    /// <summary>The statuses that a result touches at any age that the patient may have had.</summary>
    public SerumStatuses Touched(in Interval value, in AgeSpan age)
    {
        var touched = SerumStatuses.None;

        // Counted, not enumerated: an enumerator of a list behind an interface is allocated, and this runs for every patient.
        for (var i = 0; i < Bands.Count; i++)
        {
            var band = Bands[i];
            for (var j = 0; j < band.Regions.Count && age.MayBeWithin(band.From, band.To); j++)
            {
                var (status, values) = band.Regions[j];
                touched |= value.Touches(values) ? status : SerumStatuses.None;
            }
        }

        return touched;
    }
}
