using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Worklist;

/// <summary>The patients who need something, as small as can be: all of them are held in memory to be sorted.</summary>
internal sealed class WorklistRows(Knowledge knowledge)
{
    private const int Scale = 10_000;
    private const int RowBlock = 1 << 14;

    // In blocks: one array for millions would be held twice each time that it grows.
    private readonly List<Row[]> _rows = [];
    private readonly PatientNames _names = new();
    private readonly Dictionary<WorklistReason, int> _reasonNumbers = [];
    private readonly List<WorklistReason> _reasons = [];
    private int[]? _order;

    public int Count { get; private set; }

    public void Add(Assessment assessment)
    {
        var rules = assessment.Features.Deceased ? RuleSet.None : Need.Of(assessment);
        if (rules.IsEmpty)
        {
            return;
        }

        var urgency = Urgency.Ask;
        var notes = RuleSet.None;
        for (var rule = Rule.In1; rule <= Rule.Safe12; rule++)
        {
            if (rules.Contains(rule))
            {
                urgency = (Urgency)Math.Min((byte)urgency, (byte)Need.UrgencyOf(rule, knowledge));
                notes = notes.With(rule, assessment.IsNote(rule) && knowledge[rule].Note is not null);
            }
        }

        var reason = new WorklistReason
        {
            Rules = rules,
            Notes = notes,
            Withheld = assessment.Candidates.Except(assessment.Proposed),
            NotChecked = assessment.NotChecked,
            Urgency = urgency,
            Serum = assessment.Serum,
            Deficiency = assessment.Deficiency,
            Form = CohortDimensions.Form(assessment.Features),
        };
        if (!_reasonNumbers.TryGetValue(reason, out var number))
        {
            _reasonNumbers[reason] = number = _reasons.Count;
            _reasons.Add(reason);
        }

        if (Count % RowBlock == 0)
        {
            _rows.Add(new Row[RowBlock]);
        }

        var value = assessment.Features.CurrentSerum;
        _rows[^1][Count++ % RowBlock] = new(_names.Add(assessment.Features.Patient), number, Scaled(value?.Low), Scaled(value?.High));
        _order = null;
    }

    /// <summary>The rows, most urgent first: by urgency, serum status, lower value, more reasons, then in the order they came (by name).</summary>
    public IEnumerable<WorklistRow> Sorted()
    {
        if (_order is null)
        {
            _order = [.. Enumerable.Range(0, Count)];
            Array.Sort(_order, Compare);
        }

        foreach (var index in _order)
        {
            var row = At(index);
            yield return new(_names[row.Name], _reasons[row.Reason], Value(row.Low), Value(row.High));
        }
    }

    private static decimal? Value(int scaled) => scaled < 0 ? null : (decimal)scaled / Scale;

    private static int Scaled(decimal? value) => value is { } number ? (int)Math.Round(decimal.Clamp(number, 0, Scale) * Scale) : -1;

    private int Compare(int left, int right)
    {
        ref readonly var a = ref At(left);
        ref readonly var b = ref At(right);
        var (first, second) = (_reasons[a.Reason], _reasons[b.Reason]);
        var order = first.Urgency.CompareTo(second.Urgency);
        order = order != 0 ? order : first.SerumOrder.CompareTo(second.SerumOrder);
        order = order != 0 ? order : SortValue(first, a).CompareTo(SortValue(second, b));
        order = order != 0 ? order : second.Rules.Count.CompareTo(first.Rules.Count);
        return order != 0 ? order : left.CompareTo(right);
    }

    private ref readonly Row At(int index) => ref _rows[index / RowBlock][index % RowBlock];

    // Of an elevated result the higher is the more urgent.
    private static int SortValue(WorklistReason reason, in Row row) => reason.Serum == SerumStatus.Elevated ? -Math.Max(row.Low, row.High) : Math.Max(row.Low, row.High);

    // Serum magnesium in ten-thousandths of mmol/L; -1 where the end is open or there is no value.
    private readonly record struct Row(PatientNames.Place Name, int Reason, int Low, int High);
}
