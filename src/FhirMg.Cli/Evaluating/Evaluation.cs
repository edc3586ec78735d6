using FhirMg.Cli.Inputs;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Cli.Evaluating;

/// <summary>One run of <c>fhirmg evaluate</c>: read, evaluate, show.</summary>
internal sealed class Evaluation(EvaluateRequest request)
{
    private const int NamedAtMost = 10;
    private readonly Diagnostics _diagnostics = new();

    public int Run(CancellationToken cancellation)
    {
        var knowledge = request.Knowledge();
        var sources = new InputFinder(_diagnostics).Find(request.Inputs.Count > 0 ? request.Inputs : [InputSource.StandardInput]);
        var documents = new InputLoader(knowledge, _diagnostics).Load(sources, cancellation);
        var records = documents.SelectMany(document => document.Patients).ToList();
        if (records.Count == 0)
        {
            _diagnostics.Report("there is no patient in the input: no Patient resource and no reference to one. Nothing was evaluated");
        }

        var chosen = Choose(records);
        var assessments = new List<Assessment>(chosen.Count);
        foreach (var record in chosen)
        {
            cancellation.ThrowIfCancellationRequested();
            assessments.Add(Evaluator.Evaluate(Extractor.Extract(record, knowledge, request.AsOf), knowledge));
        }

        Show(knowledge, assessments);
        return _diagnostics.HasProblems ? ExitCode.Failed : ExitCode.Done;
    }

    private List<PatientRecord> Choose(List<PatientRecord> records)
    {
        if (request.Patients.Count == 0)
        {
            return records;
        }

        foreach (var missing in request.Patients.Where(id => records.Count > 0 && !records.Exists(record => IsNamed(record, id))))
        {
            _diagnostics.Report($"the patient '{missing}' does not occur in the input. {Names([.. records.Select(record => record.Name)])}");
        }

        return records.FindAll(record => request.Patients.Any(id => IsNamed(record, id)));
    }

    private static bool IsNamed(PatientRecord record, string id) => record.Name == id || record.Name == $"Patient/{id}";

    private static string Names(List<string> patients)
    {
        var rest = patients.Count - NamedAtMost;
        return $"It holds {string.Join(", ", patients.Take(NamedAtMost))}{(rest > 0 ? $" and {rest} more" : "")}";
    }

    private void Show(Knowledge knowledge, List<Assessment> assessments)
    {
        if (request.Plot is { } plot)
        {
            if (assessments.Count > 1)
            {
                throw new UsageException($"--plot draws one patient, and there are {assessments.Count}: choose one with --patient. "
                    + Names([.. assessments.Select(assessment => assessment.Features.Patient)]));
            }

            foreach (var assessment in assessments)
            {
                Plotting.PlotFile.Write(plot, assessment, request.Language);
            }
        }

        OutputFile.Write(request.Output, output => ReportOutput.Write(output, request, knowledge, assessments));
    }
}
