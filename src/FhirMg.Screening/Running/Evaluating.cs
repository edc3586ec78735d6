using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;
using FhirMg.Screening.Facts;
using FhirMg.Screening.Inputs;
using FhirMg.Screening.Results;

namespace FhirMg.Screening.Running;

/// <summary>The second half of a run: patients are put together, evaluated and given to the sinks, in one order.</summary>
internal sealed class Evaluating(ScreeningOptions options, IReadOnlyList<PopulationFile> files, FactStore store, LabelTable labels)
{
    // Batches of patients for each thread that wait for their turn to be written.
    private const int MostInHand = 4;
    private readonly PopulationMedications _medications = new(options.Knowledge, labels);

    public long Patients { get; private set; }

    public long Replaced { get; private set; }

    public long WithoutSubject { get; private set; }

    /// <summary>Evaluates everybody.</summary>
    public void Run(OwnResults own, IReadOnlyList<IResultSink> sinks, Action advanced, CancellationToken cancellation)
    {
        var replaced = Replacements.Find(store, options.Threads, cancellation);
        Replaced = replaced.Count;
        var assembler = new PatientAssembler(options.Knowledge, labels, _medications, new ResourceNumbers(files).Of);
        foreach (var row in Loose(assembler, replaced))
        {
            WithoutSubject++;
            own.Add(row);
        }

        var evaluation = new PatientEvaluation(options, assembler, files);
        var running = new Queue<Task<PatientBatch>>();
        for (var lane = 0; lane < Lanes.Patients; lane++)
        {
            var bytes = store.Load(lane, release: true);
            foreach (var groups in PatientGroups.Batches(bytes, replaced))
            {
                cancellation.ThrowIfCancellationRequested();
                if (options.Threads == 1)
                {
                    Give(evaluation.Evaluate(bytes, groups));
                    continue;
                }

                while (running.TryPeek(out var oldest) && (oldest.IsCompleted || running.Count >= MostInHand * options.Threads))
                {
                    Give(running.Dequeue().GetAwaiter().GetResult());
                }

                // Who hands out the work does a share of it, and only where the others have enough.
                var isShared = running.Count(batch => !batch.IsCompleted) < 2 * (options.Threads - 1);
                running.Enqueue(isShared ? Task.Run(() => evaluation.Evaluate(bytes, groups), CancellationToken.None) : Task.FromResult(evaluation.Evaluate(bytes, groups)));
            }
        }

        while (running.TryDequeue(out var batch))
        {
            Give(batch.GetAwaiter().GetResult());
        }

        void Give(PatientBatch batch)
        {
            own.Add(batch);
            foreach (var patient in batch.Patients)
            {
                foreach (var sink in sinks)
                {
                    sink.Add(patient);
                }
            }

            Patients += batch.Patients.Count;
            evaluation.Return(batch);
            advanced();
        }
    }

    private IEnumerable<SetAsideRow> Loose(PatientAssembler assembler, HashSet<FactPlace> replaced)
    {
        var rows = new List<(FactPlace Place, string Resource, SetAsideReason Reason)>();
        var walk = new RecordWalk(store.Load(Lanes.Loose, release: true));
        while (walk.Next())
        {
            if (replaced.Contains(PatientAssembler.Place(walk.Record)))
            {
                continue;
            }

            _medications.Add(walk.Record);
            if (assembler.WithoutSubject(walk.Record) is var (resource, reason, place))
            {
                rows.Add((place, resource, reason));
            }
        }

        rows.Sort((left, right) => left.Place.CompareTo(right.Place));
        return rows.Select(row => new SetAsideRow(files[row.Place.File].Name, row.Place.Line, row.Resource, row.Reason.Word(), "", ""));
    }
}
