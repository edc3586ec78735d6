namespace FhirMg.Sandbox.Faults;

/// <summary>What goes wrong at the FHIR endpoint; changed at any time.</summary>
/// <param name="DelayMs">Milliseconds that every answer waits.</param>
/// <param name="Status">HTTP status that is answered instead (429, 500, 503 …); 0 for none.</param>
/// <param name="Times">How many requests get that status before the fault ends by itself; 0 for all.</param>
/// <param name="ExpiredTokens">Whether every token is answered 401, as if it had expired.</param>
/// <param name="Vendor">The vendor profile, one of <c>full</c>, <c>no-transaction</c>, <c>oracle-health</c>, <c>read-only</c>.</param>
public sealed record FaultSwitches(int DelayMs = 0, int Status = 0, int Times = 0, bool ExpiredTokens = false, string Vendor = "full")
{
    internal const int LongestDelayMs = 120_000;
    private const int LowestStatus = 400;
    private const int HighestStatus = 599;

    /// <summary>Whether anything goes wrong.</summary>
    internal bool Any => DelayMs > 0 || Status != 0 || ExpiredTokens || Vendor != VendorProfile.Names[0];

    /// <summary>What is wrong with the switches; null when nothing is.</summary>
    internal string? Problem => DelayMs is < 0 or > LongestDelayMs ? $"delayMs is 0 to {LongestDelayMs}, not {DelayMs}"
        : Status != 0 && Status is < LowestStatus or > HighestStatus ? $"status is 0 (none) or {LowestStatus} to {HighestStatus}, not {Status}"
        : Times < 0 ? "times is 0 (always) or more"
        : !VendorProfile.Names.Contains(Vendor) ? $"vendor is one of {string.Join(", ", VendorProfile.Names)}, not '{Vendor}'"
        : null;
}
