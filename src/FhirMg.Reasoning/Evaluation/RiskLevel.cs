namespace FhirMg.Reasoning.Evaluation;

/// <summary>A qualitative risk, as in the risk-probability code system.</summary>
public enum RiskLevel
{
    /// <summary>No rule levels it (RISK-3).</summary>
    Unlevelled,

    /// <summary>Low likelihood.</summary>
    Low,

    /// <summary>Moderate likelihood.</summary>
    Moderate,

    /// <summary>High likelihood.</summary>
    High,
}
