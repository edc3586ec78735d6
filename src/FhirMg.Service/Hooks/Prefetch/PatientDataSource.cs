using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Hooks.Discovery;
using FhirMg.Service.Hooks.Requests;

namespace FhirMg.Service.Hooks.Prefetch;

/// <summary>What is there of a patient's data when the time is over, or all has come.</summary>
/// <param name="Record">The record; null when the Patient could not be had.</param>
/// <param name="NotRead">The kinds of data that could not be had whole.</param>
internal sealed record GatheredData(PatientRecord? Record, DataKinds NotRead)
{
    /// <summary>The id of the patient that this one was merged into; null when it was not.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>The records merged into the patient's, as <c>Patient/id</c>, of which not everything could be read that may still lie with them.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];

    /// <summary>Whether nothing is missing but administrations, which many servers cannot be searched for and which count for a day.</summary>
    public bool LacksAdministrationsOnly { get; init; }

    /// <summary>Whether all of what tells of magnesium and of migraine is missing: then no answer can be given.</summary>
    public bool IsUseless => NotRead.HasFlag(DataKinds.Observations) && NotRead.HasFlag(DataKinds.Conditions);
}

/// <summary>Completes what a caller brought from its server, within a time.</summary>
internal static class PatientDataSource
{
    private const int LongestChain = 4;

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
            return new(BroughtData.RecordOf(document, request.PatientId), brought.MissingKinds) { LacksAdministrationsOnly = brought.LacksAdministrationsOnly };
        }

        using var time = new CancellationTokenSource(left, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        var completion = new PatientCompletion(server, knowledge);
        var notRead = await completion.AddAsync(brought.Pages, request.PatientId, brought.Missing, brought.Begun, asOf, deadline.Token);
        await completion.AddMedicationsAsync(brought.Pages, deadline.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return new(BroughtData.RecordOf(brought.Pages.Document(), request.PatientId), notRead)
        {
            ReplacedBy = completion.ReplacedBy,
            LacksAdministrationsOnly = brought.LacksAdministrationsOnly,
        };
    }

    /// <summary>
    /// The data of the patient that another was merged into: that one's from the server, and what was brought or still lies with the merged records.
    /// </summary>
    /// <param name="id">The id of the patient that lives on.</param>
    /// <param name="brought">What was brought, and read, of the one that was merged.</param>
    /// <param name="notRead">The kinds of data of the one that was merged that could not be had whole; null while nobody was asked for what was not brought.</param>
    /// <param name="service">The service called.</param>
    /// <param name="request">The call, for the one that was merged: its draft orders are taken for the one that lives on.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="server">The server, with the token to use.</param>
    /// <param name="asOf">The time that will be looked at.</param>
    /// <param name="left">The time that is left.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <returns>Null when the one that lives on could not be read, or the links lead in a circle.</returns>
    public static async Task<GatheredData?> FollowAsync(
        string id, BroughtData brought, DataKinds? notRead, HookService service, HookRequest request, ReadOnlyMemory<byte> body, FhirServer server, DateTimeOffset asOf,
        TimeSpan left, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (left <= TimeSpan.Zero)
        {
            return null;
        }

        using var time = new CancellationTokenSource(left, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        var (knowledge, pages) = (brought.Document.Knowledge, brought.Pages);
        string[] types = ["Patient", .. knowledge.Requirements.Select(requirement => requirement.Type).Where(type => (PatientCompletion.KindOf(type) & service.Needs) != 0).Distinct()];
        var former = new List<(string Id, DataKinds NotRead)> { (request.PatientId, DataKinds.None) };
        while (former.TrueForAll(record => record.Id != id) && former.Count < LongestChain)
        {
            var completion = new PatientCompletion(server, knowledge);
            var survivorsNotRead = await completion.AddAsync(pages, id, types, [], asOf, deadline.Token);
            if (completion.ReplacedBy is { } next)
            {
                former.Add((id, survivorsNotRead));
                id = next;
                continue;
            }

            // The one that lives on comes first; what was not brought of the one asked for has the time that is left.
            former[0] = (request.PatientId, notRead ?? await new PatientCompletion(server, knowledge).AddAsync(
                pages, request.PatientId, [.. brought.Missing.Where(type => type != "Patient")], brought.Begun, asOf, deadline.Token));
            if (request.DraftOrders is { } drafts)
            {
                // Last, since an order that is being changed stands for itself as it was.
                pages.ForgetDrafts();
                pages.AddDrafts(body.Span[drafts], $"Patient/{id}", "draftOrders", [.. former.Select(record => record.Id), id]);
            }

            await completion.AddMedicationsAsync(pages, deadline.Token);
            cancellationToken.ThrowIfCancellationRequested();
            pages.Join($"Patient/{id}", [.. former.Select(record => $"Patient/{record.Id}")]);
            return new GatheredData(BroughtData.RecordOf(pages.Document(), id), survivorsNotRead) is { Record: not null, IsUseless: false } data
                ? data with
                {
                    NotRead = former.Aggregate(survivorsNotRead, (kinds, record) => kinds | record.NotRead),
                    Left = [.. former.Where(record => (record.NotRead & service.Needs) != DataKinds.None).Select(record => $"Patient/{record.Id}")],
                }
                : null;
        }

        return null;
    }
}
