namespace FhirMg.Fhir.Writing;

/// <summary>Finds what was written twice at once.</summary>
internal static class Duplicates
{
    /// <summary>
    /// The ones to be marked, each with the one that stands: what a person has touched, else the oldest, else the smallest id – the
    /// same for everybody who looks. Only what is as we wrote it can lose.
    /// </summary>
    public static IEnumerable<(OursOnServer Loser, OursOnServer Standing)> Find(IEnumerable<OursOnServer> ours) =>
        from same in ours.Where(IsOpen).GroupBy(one => (one.Type, one.Identifier))
        let ordered = same.OrderBy(one => one.Standing == Standing.Ours).ThenBy(one => one.LastUpdated ?? DateTimeOffset.MaxValue).ThenBy(one => one.Id, StringComparer.Ordinal).ToList()
        from loser in ordered.Skip(1)
        where loser.Standing == Standing.Ours
        select (loser, ordered[0]);

    private static bool IsOpen(OursOnServer one) =>
        one.Standing is not (Standing.Duplicate or Standing.Withdrawn) && (WrittenTypes.IsProposal(one.Type) || one.Status != "entered-in-error");
}
