using System.Diagnostics;
using System.Diagnostics.Metrics;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Service.Observability;

/// <summary>What the service measures and traces. Tags are rule ids, reasons and names of servers: never anything of a patient.</summary>
internal sealed class Telemetry
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "FhirMg";

    private readonly Counter<long> _cards;
    private readonly Counter<long> _setAsides;
    private readonly Counter<long> _feedback;
    private readonly Counter<long> _serverCalls;
    private readonly Histogram<double> _serverSeconds;
    private readonly Histogram<double> _phases;

    /// <summary>Creates the instruments.</summary>
    public Telemetry(IMeterFactory meters)
    {
        Meter = meters.Create(Name);
        _cards = Meter.CreateCounter<long>("fhirmg.cards", "{card}", "Cards shown, by rule.");
        _setAsides = Meter.CreateCounter<long>("fhirmg.set_asides", "{resource}", "Resources set aside, by reason.");
        _feedback = Meter.CreateCounter<long>("fhirmg.feedback", "{card}", "Feedback on cards, by rule and outcome.");
        _serverCalls = Meter.CreateCounter<long>("fhirmg.server.calls", "{call}", "Calls to FHIR servers, retries included, by server and status.");
        _serverSeconds = Meter.CreateHistogram("fhirmg.server.duration", "s", "Duration of calls to FHIR servers, by server.", advice: Buckets);
        _phases = Meter.CreateHistogram("fhirmg.phase.duration", "s", "Duration of the phases of a request (authenticate, read, pull, evaluate, answer).", advice: Buckets);
        AccessEntriesLost = Meter.CreateCounter<long>("fhirmg.access_log.lost", "{entry}", "Entries of the access log that could not be written.");
    }

    /// <summary>Where activities of this service start.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>The meter, for instruments of one slice.</summary>
    public Meter Meter { get; }

    /// <summary>Entries of the access log that were lost.</summary>
    public Counter<long> AccessEntriesLost { get; }

    private static InstrumentAdvice<double> Buckets { get; } = new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    /// <summary>Counts a card of a rule.</summary>
    public void CountCard(string service, Rule rule) => _cards.Add(1, new("service", service), new("rule", rule.Id()));

    /// <summary>Counts feedback on a card; the outcome is <c>accepted</c> or <c>overridden</c>.</summary>
    public void CountFeedback(string rule, string outcome) => _feedback.Add(1, new("rule", rule), new("outcome", outcome));

    /// <summary>Counts what an assessment set aside.</summary>
    public void CountSetAsides(Assessment assessment)
    {
        foreach (var aside in assessment.Features.SetAside)
        {
            _setAsides.Add(1, new KeyValuePair<string, object?>("reason", ReasonNames[(int)aside.Reason]));
        }
    }

    /// <summary>Counts a call to a FHIR server; a status of 0 is one that got no answer.</summary>
    public void CountServerCall(string server, int status, TimeSpan duration)
    {
        _serverCalls.Add(1, new("server", server), new("status", status));
        _serverSeconds.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("server", server));
    }

    /// <summary>Records how long a phase took, and traces it where somebody traces, that began at a timestamp of <see cref="Stopwatch"/>.</summary>
    public void RecordPhase(string phase, long began)
    {
        var took = Stopwatch.GetElapsedTime(began);
        _phases.Record(took.TotalSeconds, new KeyValuePair<string, object?>("phase", phase));
        if (Source.HasListeners())
        {
            Source.StartActivity(phase, ActivityKind.Internal, System.Diagnostics.Activity.Current?.Context ?? default, startTime: TimeProvider.System.GetUtcNow() - took)?.Dispose();
        }
    }

    private static readonly string[] ReasonNames = [.. Enum.GetNames<Reasoning.Reading.SetAsideReason>().Select(name => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name))];
}
