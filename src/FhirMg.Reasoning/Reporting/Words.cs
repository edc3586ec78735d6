using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Reporting;

/// <summary>The words of the report contract, which are also the codes of our code system.</summary>
public static class Words
{
    private static readonly string[] Statuses = [.. Enum.GetNames<SerumStatus>().Select(name => name.ToLowerInvariant())];
    private static readonly string[] Reasons = [.. Enum.GetNames<SetAsideReason>().Select(name => name.ToLowerInvariant())];

    /// <summary>The word of a serum status.</summary>
    public static string Word(this SerumStatus status) => Statuses[(int)status];

    /// <summary>The word of a deficiency class.</summary>
    public static string Word(this Deficiency deficiency) => deficiency switch
    {
        Deficiency.Excess => "excess",
        Deficiency.Confirmed => "confirmed",
        Deficiency.LatentSuspected => "latent-suspected",
        Deficiency.Possible => "possible",
        Deficiency.Unlikely => "unlikely",
        Deficiency.NotExcluded => "not-excluded",
        Deficiency.NotAssessable => "not-assessable",
        _ => "none-evaluated",
    };

    /// <summary>The word of a level of risk; null when no rule levels it.</summary>
    public static string? Word(this RiskLevel level) => level switch
    {
        RiskLevel.Low => "low",
        RiskLevel.Moderate => "moderate",
        RiskLevel.High => "high",
        _ => null,
    };

    /// <summary>The word of a severity.</summary>
    public static string Word(this Severity severity) => severity switch
    {
        Severity.High => "high",
        Severity.Moderate => "moderate",
        _ => "low",
    };

    /// <summary>The word of a reason to set a resource aside.</summary>
    public static string Word(this SetAsideReason reason) => Reasons[(int)reason];

    /// <summary>The words of the touched statuses, from severe to elevated.</summary>
    public static IEnumerable<string> Each(this SerumStatuses touched)
    {
        for (var status = SerumStatus.Severe; status <= SerumStatus.Elevated; status++)
        {
            if ((touched & (SerumStatuses)(1 << (status - SerumStatus.Severe))) != 0)
            {
                yield return status.Word();
            }
        }
    }

    /// <summary>The words of kinds of data, e.g. <c>allergies</c>.</summary>
    public static IEnumerable<string> Each(DataKinds kinds) =>
        Enum.GetValues<DataKinds>().Where(kind => kind != DataKinds.None && kinds.HasFlag(kind)).Select(kind => kind.ToString().ToLowerInvariant());
}
