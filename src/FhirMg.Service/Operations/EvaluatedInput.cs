using FhirMg.Fhir.Servers;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Evaluating;
using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
using Hl7.Fhir.Model;
using StatusCodes = Microsoft.AspNetCore.Http.StatusCodes;

namespace FhirMg.Service.Operations;

/// <summary>The assessments that an input leads to.</summary>
/// <param name="Assessments">One a patient; at least one.</param>
/// <param name="Language">The language of texts.</param>
/// <param name="Warnings">What could not be read; for the caller, never for logs.</param>
/// <param name="Server">Name of the server whose patients they are; null when it is not known.</param>
/// <param name="MergedFrom">The patient asked for, who was merged into the one assessed; null when it is the same.</param>
internal sealed record EvaluatedInput(IReadOnlyList<Assessment> Assessments, Language Language, IReadOnlyList<string> Warnings, string? Server, string? MergedFrom = null);

/// <summary>Evaluates what an operation is asked for.</summary>
internal sealed class InputEvaluation(TenantRegistry tenants, TimeProvider time)
{
    private const int LongestReference = 200;

    /// <summary>Evaluates the bundle given, or reads the subject from its server.</summary>
    /// <exception cref="FhirProblemException">The input does not say whom to evaluate, or holds nothing that can be read.</exception>
    /// <exception cref="FhirServerException">The server could not be used.</exception>
    public Task<EvaluatedInput> RunAsync(OperationInput input, CancellationToken cancellationToken) => input.Bundle is { } bundle
        ? System.Threading.Tasks.Task.FromResult(OfBundle(bundle, input))
        : OfServerAsync(input, cancellationToken);

    private EvaluatedInput OfBundle(byte[] bundle, OperationInput input)
    {
        // Where one hospital is served, what is posted comes from it, with its own codes.
        var tenant = tenants.All.Count == 1 ? tenants.All[0] : null;
        var knowledge = tenant?.Knowledge ?? tenants.Knowledge;
        var reader = new InputReader(knowledge);
        var faults = reader.Read(bundle, "bundle");
        var asOf = input.AsOf ?? time.GetUtcNow();
        var records = reader.Documents().SelectMany(document => document.Patients)
            .Where(record => input.Subject is null || IsSubject(record.Name, input.Subject)).ToList();
        if (records.Count == 0)
        {
            throw FhirProblemException.Invalid(faults.Count > 0 ? $"the bundle cannot be read: {faults[0].Problem}. {faults[0].Advice}"
                : input.Subject is null ? "the bundle holds no Patient, and nothing that refers to one" : "the bundle holds nothing about the subject: check its reference");
        }

        return new(
            [.. records.Select(record => Evaluator.Evaluate(Extractor.Extract(record, knowledge, asOf), knowledge))],
            input.Language ?? tenant?.Language ?? Language.English,
            [.. faults.Select(fault => $"{fault.Problem}. {fault.Advice}")],
            tenant?.Name);
    }

    private async Task<EvaluatedInput> OfServerAsync(OperationInput input, CancellationToken cancellationToken)
    {
        var (tenant, id) = Find(input.Subject ?? throw FhirProblemException.Required("subject or bundle is needed: Patient/id of a configured server, or the data themselves"));
        var evaluated = await PatientEvaluation.EvaluateAsync(tenant, tenant.Server, id, input.AsOf ?? time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return new([evaluated.Assessment], input.Language ?? tenant.Language, evaluated.Merge is { } merge ? [merge, .. evaluated.Warnings] : evaluated.Warnings, tenant.Name,
            evaluated.Merge is null ? null : $"Patient/{id}");
    }

    /// <summary>Whom an input is about, as far as it says, for the access log: the name of the server and the patient's reference, each null when it is not known.</summary>
    public (string? Server, string? Patient) About(OperationInput input)
    {
        var single = tenants.All.Count == 1 ? tenants.All[0].Name : null;
        if (input.Subject is not { } subject || input.Bundle is not null)
        {
            return (single, StoredText.Of(input.Subject, LongestReference));
        }

        try
        {
            var (tenant, id) = Find(subject);
            return (tenant.Name, $"Patient/{id}");
        }
        catch (FhirProblemException)
        {
            return (single, StoredText.Of(subject, LongestReference));
        }
    }

    private (Tenant Tenant, string Id) Find(string subject)
    {
        var slash = subject.LastIndexOf("Patient/", StringComparison.Ordinal);
        var id = slash < 0 ? subject : subject[(slash + "Patient/".Length)..].Split("/_history")[0];
        if (id.Length is 0 or > 64 || id.AsSpan().IndexOfAnyExcept(Ids) >= 0)
        {
            throw FhirProblemException.Invalid("subject must be Patient/id, or an absolute url that ends so");
        }

        if (slash > 0)
        {
            return Uri.TryCreate(subject[..slash], UriKind.Absolute, out var root) && tenants.FindByBase(root) is { } named
                ? (named, id)
                : throw new FhirProblemException(StatusCodes.Status403Forbidden, OperationOutcome.IssueType.Forbidden, "the subject is of a server that is not configured here, and no other is ever called");
        }

        return tenants.All switch
        {
            [var only] => (only, id),
            [] => throw FhirProblemException.Invalid("no server is configured here: send the data as a bundle"),
            _ => throw FhirProblemException.Invalid($"several servers are configured: give the subject as an absolute url, such as {tenants.All[0].Options.BaseUrl.AbsoluteUri.TrimEnd('/')}/Patient/{{id}}"),
        };
    }

    private static bool IsSubject(string name, string subject) =>
        name == subject || name == $"Patient/{subject}" || (subject.Contains('/', StringComparison.Ordinal) && name.EndsWith($"/{subject}", StringComparison.Ordinal));

    private static readonly System.Buffers.SearchValues<char> Ids = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");
}
