using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Proposing;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;
using FhirMg.Screening.Inputs;

namespace FhirMg.Screening.Results;

/// <summary>Evaluates patients and writes what is said of each. Threads may share it.</summary>
internal sealed class PatientEvaluation(ScreeningOptions options, PatientAssembler assembler, IReadOnlyList<PopulationFile> files)
{
    // As evaluate writes it: readable Cyrillic, since the output is a file and never part of a web page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConcurrentBag<PatientBatch> _batches = [];
    private readonly ProposalWriter _proposals = ProposalWriter.Shared(options.Language);

    /// <summary>Evaluates patients.</summary>
    /// <param name="bytes">Holds their records.</param>
    /// <param name="groups">The records of each, in the order of their places.</param>
    public PatientBatch Evaluate(byte[] bytes, IReadOnlyList<(int Start, int Length)[]> groups)
    {
        var batch = _batches.TryTake(out var used) ? used : new();
        using var reports = new Utf8JsonWriter(batch.Reports, Readable);
        foreach (var group in groups)
        {
            foreach (var patient in assembler.Assemble(bytes, group))
            {
                var assessment = Evaluator.Evaluate(Extractor.Extract(patient.Record, options.Knowledge, options.AsOf, options.NotRead), options.Knowledge);
                Add(batch, reports, assessment);
                foreach (var (resource, reason) in assessment.Features.SetAside)
                {
                    var (place, unit) = patient.Find(resource, reason);
                    batch.SetAside.Add(new(files[place.File].Name, place.Line, resource, reason.Word(), unit ?? "", ""));
                }
            }
        }

        return batch;
    }

    /// <summary>Takes back a batch whose patients were given on.</summary>
    public void Return(PatientBatch batch)
    {
        batch.Clear();
        _batches.Add(batch);
    }

    private void Add(PatientBatch batch, Utf8JsonWriter reports, Assessment assessment)
    {
        batch.Patients.Add(new(assessment));
        ReportWriter.Write(reports, assessment);
        reports.Flush();
        reports.Reset();
        batch.Reports.Write("\n"u8);
        if (!ProposalBundle.CanBeReferredTo(assessment) || assessment.Proposed.IsEmpty)
        {
            return;
        }

        _proposals.Write(batch.Proposals, assessment);
        batch.Proposals.Write("\n"u8);
    }
}
