using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Plotting;

/// <summary>The colours of plots.</summary>
internal static class StatusColor
{
    public const string Paper = "#ffffff";
    public const string Ink = "#212121";
    public const string Faint = "#757575";
    public const string Grid = "#e6e6e6";
    public const string Curve = "#9e9e9e";
    public const string Reference = "#e3f2e5";
    public const string Optimal = "#b7dfbc";
    public const string Therapy = "#1565c0";
    public const string AsOf = "#37474f";
    public const string Unknown = "#616161";

    /// <summary>The colour of a result's status; grey when it touches several or none.</summary>
    public static string Of(SerumStatuses touched) => touched switch
    {
        SerumStatuses.Severe => "#7b0020",
        SerumStatuses.Moderate => "#c62828",
        SerumStatuses.Mild => "#ef6c00",
        SerumStatuses.Borderline => "#f9a825",
        SerumStatuses.Suboptimal => "#9e9d24",
        SerumStatuses.Normal => "#2e7d32",
        SerumStatuses.Elevated => "#6a1b9a",
        _ => Unknown,
    };
}
