using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;
using FhirMg.Screening.Facts;
using FhirMg.Screening.Inputs;
using FhirMg.Screening.Results;

namespace FhirMg.Screening.Running;

/// <summary>The second half of a run: patients are put together, evaluated and given to the sinks, in one order.</summary>
internal sealed class Evaluating(ScreeningOptions options, IReadOnlyList<PopulationFile> files, FactStore store, LabelTable labels, string scratch)
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
        using var replaced = Replacements.Find(store, scratch, MemoryShares.Of(options).Versions, options.Threads, cancellation);
        Replaced = replaced.Count;
        var assembler = new PatientAssembler(options.Knowledge, labels, _medications, new ResourceNumbers(files).Of);
        foreach (var row in Loose(assembler, replaced.In(Lanes.Loose)))
        {
            WithoutSubject++;
            own.Add(row);
        }

        var evaluation = new PatientEvaluation(options, assembler, files);
        LoadedLane? given = null;
        using var batches = Batches(replaced).GetEnumerator();
        using var work = new OrderedWork<Batch, PatientBatch>(batches, batch => evaluation.Evaluate(batch.Lane.Bytes, batch.Patients), Give, MostInHand * options.Threads);
        work.Run(options.Threads, cancellation);
        given?.GiveBack();

        void Give(Batch taken, PatientBatch batch)
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

            // Batches are given in order: nobody looks any more into the lanes before the one that this one is of.
            if (given != taken.Lane)
            {
                given?.GiveBack();
                given = taken.Lane;
            }

            advanced();
        }
    }

    private IEnumerable<Batch> Batches(Replacements replaced)
    {
        var patients = new PatientGroups();
        for (var number = 0; number < Lanes.Patients; number++)
        {
            var lane = store.Load(number, release: true);
            foreach (var groups in patients.Batches(lane, replaced.In(number)))
            {
                yield return new(lane, groups);
            }
        }
    }

    private IEnumerable<SetAsideRow> Loose(PatientAssembler assembler, HashSet<FactPlace> replaced)
    {
        var rows = new List<(FactPlace Place, string Resource, SetAsideReason Reason)>();
        var lane = store.Load(Lanes.Loose, release: true);
        var walk = new RecordWalk(lane.Span);
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

        lane.GiveBack();
        rows.Sort((left, right) => left.Place.CompareTo(right.Place));
        return rows.Select(row => new SetAsideRow(files[row.Place.File].Name, row.Place.Line, row.Resource, row.Reason.Word(), "", ""));
    }

    private readonly record struct Batch(LoadedLane Lane, IReadOnlyList<(int Start, int Length)[]> Patients);
}
