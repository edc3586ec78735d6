namespace FhirMg.Service.Configuration;

/// <summary>Screenings of whole populations: <c>FhirMg:Screenings</c>.</summary>
internal sealed record ScreeningSettings
{
    /// <summary>Where exports are kept while they are evaluated, and results until <c>FhirMg:RetentionDays</c>; several instances share it.</summary>
    public string Directory { get; init; } = "data/screenings";
}
