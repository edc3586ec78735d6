using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Worklist;

/// <summary>The worklist: keeps a small row for each patient who needs something, then writes <c>worklist.csv</c> and <c>worklist.parquet</c>, most urgent first.</summary>
public sealed class WorklistSink : IResultSink
{
    private readonly WorklistRuns? _runs;
    private readonly WorklistRows _rows;
    private readonly WorklistEntries _entries;
    private readonly Func<string, Stream> _create;

    /// <summary>Begins the worklist. All its rows are held in memory.</summary>
    /// <param name="knowledge">What the cases are evaluated by.</param>
    /// <param name="asOf">The time that every case is looked at.</param>
    /// <param name="language">The language of the reasons.</param>
    /// <param name="create">Begins a result by its name.</param>
    public WorklistSink(Knowledge knowledge, DateTimeOffset asOf, Language language, Func<string, Stream> create) =>
        (_rows, _entries, _create) = (new(knowledge), new(new(knowledge, language), knowledge, asOf), create);

    /// <summary>Begins the worklist of a population of any size.</summary>
    /// <param name="knowledge">What the cases are evaluated by.</param>
    /// <param name="asOf">The time that every case is looked at.</param>
    /// <param name="language">The language of the reasons.</param>
    /// <param name="create">Begins a result by its name.</param>
    /// <param name="memory">Bytes of memory beyond which rows go to disk.</param>
    /// <param name="scratch">Makes the file that they go to.</param>
    internal WorklistSink(Knowledge knowledge, DateTimeOffset asOf, Language language, Func<string, Stream> create, long memory, Func<FileStream> scratch)
        : this(knowledge, asOf, language, create)
    {
        _runs = new(scratch);
        _rows = new(knowledge, _runs, memory);
    }

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
    public void Dispose() => _runs?.Dispose();

    private IEnumerable<WorklistEntry> Entries() => _entries.Of(_rows.Sorted());
}
