namespace FhirMg.Cli.Servers;

/// <summary>What was written, in one short line a patient, for standard error.</summary>
internal static class WriteLines
{
    public static string Of(WriteAccount account)
    {
        var parts = account.Entries.GroupBy(entry => entry.Outcome ?? "").Select(alike => alike.Key is "created" or "withdrawn" or "repointed"
            ? $"{alike.Key} {string.Join(", ", alike.Select(entry => entry.Reference ?? entry.Type))}"
            : $"{alike.Key} {alike.Count()}");
        return $"{account.Patient}: {(account.Problem is { } problem ? problem : account.Entries.Count == 0 ? "nothing to write" : string.Join("; ", parts))}";
    }

    /// <summary>What failed, and what to do about it.</summary>
    public static string Failure(WriteAccount account)
    {
        var failed = account.Entries.Where(entry => entry.Outcome == WriteEntry.Failed).ToList();
        return account.Problem is { } problem ? $"{account.Patient}: not written: {problem}"
            : $"{account.Patient}: {failed.Count} of {account.Entries.Count} could not be written ({failed[0].Type}: {failed[0].Problem}). Run the same again: nothing is written twice";
    }
}
