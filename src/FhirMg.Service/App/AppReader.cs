using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Service.Evaluating;
using FhirMg.Service.Sessions;

namespace FhirMg.Service.App;

/// <summary>A patient as a person with their own token sees them now.</summary>
/// <param name="Server">The server, called with the person's token.</param>
/// <param name="Patient">What was read and concluded.</param>
/// <param name="Plan">What the server holds of ours.</param>
internal sealed record ReadPatient(FhirServer Server, EvaluatedPatient Patient, WritePlan Plan)
{
    /// <summary>What is concluded.</summary>
    public Assessment Assessment => Patient.Assessment;
}

/// <summary>Reads the patient of a launch with the token of the person who launched.</summary>
internal sealed class AppReader(AppSessions sessions, TimeProvider time)
{
    private const int NameBytes = 16;

    /// <summary>Works at the server with the person's token; where that is not taken any more, once again with a renewed one.</summary>
    /// <exception cref="ReauthorizationException">Only the person can get a new token.</exception>
    /// <exception cref="FhirServerException">The server could not be used.</exception>
    public async Task<T> WithTokenAsync<T>(AppVisit visit, Func<FhirServer, Task<T>> work, CancellationToken cancellationToken)
    {
        var token = await sessions.TokenAsync(visit.Session, cancellationToken);
        try
        {
            return await work(visit.Tenant.Server.As(token));
        }
        catch (FhirServerException e) when (IsRefused(e))
        {
            token = await sessions.RenewAsync(visit.Session, token, cancellationToken);
        }

        try
        {
            return await work(visit.Tenant.Server.As(token));
        }
        catch (FhirServerException e) when (IsRefused(e))
        {
            throw new ReauthorizationException("the server takes no token of this launch any more", e);
        }
    }

    /// <summary>Reads, evaluates, and finds out what the server holds of ours.</summary>
    /// <exception cref="FhirServerException">The data could not be had.</exception>
    public async Task<ReadPatient> ReadAsync(AppVisit visit, FhirServer server, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> known = visit.Draft.Answered is { } answered ? [Encoding.UTF8.GetBytes(answered.ToJsonString())] : [];
        var patient = await PatientEvaluation.EvaluateAsync(visit.Tenant, server, visit.Session.Patient!, time.GetUtcNow(), cancellationToken, known);
        return new(server, patient, await WriteBack.PlanAsync(server, patient.Assessment, visit.Language, null, cancellationToken));
    }

    /// <summary>The page of a launch.</summary>
    /// <exception cref="FhirServerException">The data could not be had.</exception>
    public async Task<AppPage> PageAsync(AppVisit visit, AppFrame frame, FhirServer server, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(visit, server, cancellationToken);
        var capability = await server.GrantedCapabilityAsync(cancellationToken);
        var policy = visit.Tenant.Options.WritePolicy;
        var proposals = ProposalView.Of(read.Assessment, read.Plan, capability, policy);
        return new()
        {
            Visit = visit,
            Frame = frame,
            Assessment = read.Assessment,
            Patient = visit.Session.NeedsPatientBanner ? PatientBanner.Read(read.Patient.Pages[0]) : null,
            Warnings = read.Patient.Warnings,
            Proposals = proposals,
            Earlier = [.. read.Plan.Held.Where(one => one.Standing is Standing.Accepted or Standing.Rejected && one.Type != "RequestGroup" && !proposals.Any(shown => shown.Held?.Reference == one.Reference))],
            Prefill = ManifestationPrefill.Of(visit.Tenant.Knowledge, read.Patient.Pages, read.Assessment.Features.Patient),
            CanSaveAnswers = policy != WritePolicy.Report && capability["QuestionnaireResponse"].Can("create"),
            AnswersName = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes)),
        };
    }

    /// <summary>The answers as a resource that counts at once: by the reference that the server gave it, or, not saved, by none of the server's.</summary>
    public static JsonObject Counted(JsonObject resource, string? reference)
    {
        const string NotSaved = "not-saved";
        var counted = resource.DeepClone().AsObject();
        counted["id"] = reference?.Split('/')[1] ?? NotSaved;
        return counted;
    }

    private static bool IsRefused(FhirServerException e) => e is { Fault: ServerFault.Refused, Status: StatusCodes.Status401Unauthorized };
}
