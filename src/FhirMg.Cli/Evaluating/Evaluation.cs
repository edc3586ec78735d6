using FhirMg.Cli.Inputs;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Cli.Evaluating;

/// <summary>One run of <c>fhirmg evaluate</c> over files: read, evaluate, show.</summary>
internal sealed class Evaluation(EvaluateRequest request)
{
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
        var evaluated = new List<Evaluated>(chosen.Count);
        foreach (var record in chosen)
        {
            cancellation.ThrowIfCancellationRequested();
            evaluated.Add(new(Evaluator.Evaluate(Extractor.Extract(record, knowledge, request.AsOf), knowledge)));
        }

        EvaluationOutput.Show(request, knowledge, evaluated);
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
            _diagnostics.Report($"the patient '{missing}' does not occur in the input. {EvaluationOutput.Names([.. records.Select(record => record.Name)])}");
        }

        return records.FindAll(record => request.Patients.Any(id => IsNamed(record, id)));
    }

    private static bool IsNamed(PatientRecord record, string id) => record.Name == id || record.Name == $"Patient/{id}";
}
