using System.Text.Json;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening.Delivery;

/// <summary>
/// Writes each assessed patient's result back to the server, so many a second and no more, and keeps an account in <c>writes.ndjson</c>. A
/// run that is repeated writes nothing twice: what the server holds decides.
/// </summary>
public sealed class WriteDelivery : IResultSink
{
    /// <summary>Patients written a second, unless said otherwise.</summary>
    public const double DefaultPerSecond = 5;

    private const int Waiting = 64;
    private const int CallsOfPatient = 4;
    private readonly DeliveryOptions _options;
    private readonly Channel<Assessment> _channel = Channel.CreateBounded<Assessment>(Waiting);
    private readonly TokenBucketRateLimiter _rate;
    private readonly CancellationTokenSource _stop;
    private readonly StreamWriter _account;
    private readonly Lock _gate = new();
    private readonly Task[] _workers;
    private DeliveryAccount _sum = new(0, 0, 0, 0, 0, []);

    /// <summary>Begins; patients are written as they come.</summary>
    /// <param name="options">Where to, and how fast.</param>
    /// <param name="account">Takes the account, a line for each patient; closed in the end.</param>
    /// <param name="cancellation">Ends the writing; the next run goes on.</param>
    public WriteDelivery(DeliveryOptions options, Stream account, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _account = new(account);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _rate = new(new()
        {
            TokenLimit = Math.Max(1, (int)Math.Ceiling(options.PerSecond)),
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / options.PerSecond),
            QueueLimit = int.MaxValue,
        });
        _workers = [.. Enumerable.Range(0, Math.Max(1, options.Server.Options.MaxConcurrency / CallsOfPatient)).Select(_ => Task.Run(WriteAllAsync))];
    }

    /// <summary>What was written up to now.</summary>
    public DeliveryAccount Account
    {
        get
        {
            lock (_gate)
            {
                return _sum;
            }
        }
    }

    /// <inheritdoc/>
    public void Add(in ScreenedPatient patient)
    {
        // Who has nothing that the rules look at has nothing to be written either.
        if (IsAssessed(patient.Assessment))
        {
            _channel.Writer.WriteAsync(patient.Assessment, _stop.Token).AsTask().GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public void Complete(ScreeningOutcome outcome)
    {
        _channel.Writer.Complete();
        Task.WhenAll(_workers).GetAwaiter().GetResult();
        _account.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Writer.TryComplete();
        _stop.Cancel();
        try
        {
            Task.WaitAll(_workers);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            // Stopped: the next run goes on.
        }

        _account.Dispose();
        _rate.Dispose();
        _stop.Dispose();
    }

    private static bool IsAssessed(Assessment assessment) =>
        assessment.Features.HasMigraine || assessment.Deficiency != Deficiency.NotAssessable || !assessment.Candidates.IsEmpty;

    private async Task WriteAllAsync()
    {
        await foreach (var assessment in _channel.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
        {
            using (await _rate.AcquireAsync(1, _stop.Token).ConfigureAwait(false))
            {
                await WriteAsync(assessment).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAsync(Assessment assessment)
    {
        try
        {
            var writing = new WriteBackOptions { Overridden = _options.Overridden?.Invoke(assessment.Features.Patient) ?? [] };
            var result = await WriteBack.ExecuteAsync(_options.Server, assessment, _options.Language, writing, _stop.Token).ConfigureAwait(false);
            Note(assessment.Features.Patient, result, null);
        }
        catch (FhirServerException e)
        {
            Note(assessment.Features.Patient, new([]), e.Message);
        }
    }

    private void Note(string patient, WriteResult result, string? problem)
    {
        problem ??= result.With(WriteOutcome.Failed).Select(step => $"{step.Step.Type}: {step.Problem}").FirstOrDefault();
        lock (_gate)
        {
            _account.WriteLine(Line(patient, result, problem));
            _sum = new(
                _sum.Patients + 1,
                _sum.Created + result.With(WriteOutcome.Created).Count(),
                _sum.Withdrawn + result.With(WriteOutcome.Withdrawn).Count(),
                _sum.NotWritten + result.Steps.Count(step => step.Outcome is WriteOutcome.Suggested or WriteOutcome.Reported),
                _sum.FailedPatients + (problem is null ? 0 : 1),
                problem is null || _sum.Problems.Count >= DeliveryAccount.MostProblems ? _sum.Problems : [.. _sum.Problems, $"{patient}: {problem}"]);
            _options.Progress?.Report(_sum);
        }
    }

    private static string Line(string patient, WriteResult result, string? problem)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("patient"u8, patient);
            writer.WriteString("how"u8, JsonNamingPolicy.KebabCaseLower.ConvertName(result.Manner.ToString()));
            if (problem is not null)
            {
                writer.WriteString("problem"u8, problem);
            }

            writer.WriteStartArray("steps"u8);
            foreach (var step in result.Steps)
            {
                writer.WriteStartObject();
                writer.WriteString("outcome"u8, JsonNamingPolicy.KebabCaseLower.ConvertName(step.Outcome.ToString()));
                writer.WriteString("resource"u8, step.Reference ?? step.Step.Type);
                if (step.Step.Rule is { } rule)
                {
                    writer.WriteString("rule"u8, rule.Id());
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
