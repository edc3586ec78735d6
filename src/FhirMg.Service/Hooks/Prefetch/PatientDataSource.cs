using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Hooks.Requests;

namespace FhirMg.Service.Hooks.Prefetch;

/// <summary>What is there of a patient's data when the time is over, or all has come.</summary>
/// <param name="Record">The record; null when the Patient could not be had.</param>
/// <param name="NotRead">The kinds of data that could not be had whole.</param>
internal sealed record GatheredData(PatientRecord? Record, DataKinds NotRead)
{
    /// <summary>Whether all of what tells of magnesium and of migraine is missing: then no answer can be given.</summary>
    public bool IsUseless => NotRead.HasFlag(DataKinds.Observations) && NotRead.HasFlag(DataKinds.Conditions);
}

/// <summary>Completes what a caller brought from its server, within a time.</summary>
internal static class PatientDataSource
{
    /// <summary>The patient's data.</summary>
    /// <param name="brought">What was brought.</param>
    /// <param name="request">The call.</param>
    /// <param name="knowledge">The knowledge to read with.</param>
    /// <param name="server">The server that may be asked for the rest, with the token to use; null when none may be.</param>
    /// <param name="asOf">The time that will be looked at.</param>
    /// <param name="left">The time that is left.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public static async Task<GatheredData> CompleteAsync(
        BroughtData brought, HookRequest request, Knowledge knowledge, FhirServer? server, DateTimeOffset asOf, TimeSpan left, TimeProvider clock, CancellationToken cancellationToken)
    {
        var document = brought.Document;
        if (brought.IsComplete && (server is null || document.MissingMedications.Count == 0))
        {
            return new(BroughtData.RecordOf(document, request.PatientId), DataKinds.None);
        }

        if (server is null || left <= TimeSpan.Zero)
        {
            return new(BroughtData.RecordOf(document, request.PatientId), brought.MissingKinds);
        }

        using var time = new CancellationTokenSource(left, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        var completion = new PatientCompletion(server, knowledge);
        var notRead = await completion.AddAsync(brought.Pages, request.PatientId, brought.Missing, brought.Begun, asOf, deadline.Token);
        await completion.AddMedicationsAsync(brought.Pages, deadline.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return new(BroughtData.RecordOf(brought.Pages.Document(), request.PatientId), notRead);
    }
}
