using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Worklist;

/// <summary>The worklist: keeps a small row for each patient who needs something, then writes <c>worklist.csv</c> and <c>worklist.parquet</c>, most urgent first.</summary>
public sealed class WorklistSink : IResultSink
{
    private readonly WorklistRows _rows;
    private readonly Knowledge _knowledge;
    private readonly DateTimeOffset _asOf;
    private readonly Wording _words;
    private readonly Func<string, Stream> _create;

    /// <summary>Begins the worklist.</summary>
    /// <param name="knowledge">What the cases are evaluated by.</param>
    /// <param name="asOf">The time that every case is looked at.</param>
    /// <param name="language">The language of the reasons.</param>
    /// <param name="create">Begins a result by its name.</param>
    public WorklistSink(Knowledge knowledge, DateTimeOffset asOf, Language language, Func<string, Stream> create) =>
        (_rows, _knowledge, _asOf, _words, _create) = (new(knowledge), knowledge, asOf, new(knowledge, language), create);

    /// <summary>Patients on the list so far.</summary>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public void Add(in ScreenedPatient patient) => _rows.Add(patient.Assessment);

    /// <inheritdoc/>
    public void Complete(ScreeningOutcome outcome)
    {
        using (var csv = new WorklistCsv(_create("worklist.csv")))
        {
            foreach (var entry in Entries())
            {
                csv.Write(entry);
            }
        }

        using var parquet = _create("worklist.parquet");
        WorklistParquet.WriteAsync(parquet, Entries()).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held open between patients.
    }

    private IEnumerable<WorklistEntry> Entries() => _rows.Sorted().Select((row, i) => WorklistEntry.Of(i + 1, row, _words, _knowledge, _asOf));
}
