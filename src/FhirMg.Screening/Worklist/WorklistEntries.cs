using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Worklist;

/// <summary>Makes lines of rows. What is said of a reason is put into words once, since many patients share it.</summary>
internal sealed class WorklistEntries(Wording words, Knowledge knowledge, DateTimeOffset asOf)
{
    // A population that goes beyond is worded more than once.
    private const int MostKept = 1024;
    private readonly Dictionary<WorklistReason, WorklistEntry> _worded = [];

    /// <summary>The lines, in the order of the rows.</summary>
    public IEnumerable<WorklistEntry> Of(IEnumerable<WorklistRow> rows) => rows.Select((row, i) => Of(i + 1, row));

    private WorklistEntry Of(int rank, in WorklistRow row)
    {
        if (!_worded.TryGetValue(row.Reason, out var worded))
        {
            if (_worded.Count == MostKept)
            {
                _worded.Clear();
            }

            _worded[row.Reason] = worded = WorklistEntry.Of(row.Reason, words, knowledge, asOf);
        }

        return worded with { Rank = rank, Patient = row.Patient, SerumLow = row.Low, SerumHigh = row.High };
    }
}
