using System.Runtime.CompilerServices;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Worklist;

/// <summary>The patients who need something, as small as can be; sorted in memory, or by and by on disk where they are too many.</summary>
/// <param name="knowledge">What the cases are evaluated by.</param>
/// <param name="runs">Takes what is too much for memory; null keeps everything.</param>
/// <param name="memory">Bytes that rows in memory take at most, about.</param>
internal sealed class WorklistRows(Knowledge knowledge, WorklistRuns? runs = null, long memory = long.MaxValue)
{
    private const int Scale = 10_000;

    // Of what is scaled; it is taken from there or added to it.
    private const int Highest = Scale * Scale;
    private const int ValueBits = 28;
    private const int RowBlock = 1 << 14;

    // In blocks: one array for millions would be held twice each time that it grows.
    private readonly List<Row[]> _rows = [];
    private readonly PatientNames _names = new();
    private readonly Dictionary<WorklistReason, int> _reasonNumbers = [];
    private readonly List<WorklistReason> _reasons = [];
    private int[] _order = [];
    private int _held;
    private bool _isSorted;

    /// <summary>How many there are, also those on disk.</summary>
    public int Count { get; private set; }

    // With their places in the order.
    private long Bytes => ((long)_held * (Unsafe.SizeOf<Row>() + sizeof(int))) + _names.Bytes;

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

        if (_held == _rows.Count * RowBlock)
        {
            _rows.Add(new Row[RowBlock]);
        }

        var value = assessment.Features.CurrentSerum;
        _rows[_held / RowBlock][_held % RowBlock] = new(_names.Add(assessment.Features.Patient), number, Scaled(value?.Low), Scaled(value?.High));
        _held++;
        Count++;
        _isSorted = false;
        if (runs is not null && Bytes > memory)
        {
            Spill(runs);
        }
    }

    /// <summary>The rows, most urgent first: by urgency, serum status, lower value, more reasons, then in the order they came (by name).</summary>
    /// <exception cref="IOException">They are on disk, and it cannot be read or is full.</exception>
    public IEnumerable<WorklistRow> Sorted()
    {
        if (runs is { Any: true } && _held > 0)
        {
            Spill(runs);
            _rows.Clear();
            _names.Clear();
            _order = [];
        }

        return (runs is { Any: true } ? runs.Merged() : Held()).Select(row => new WorklistRow(row.Patient, _reasons[row.Reason], Value(row.Low), Value(row.High)));
    }

    private void Spill(WorklistRuns runs)
    {
        runs.Add(Held());
        _held = 0;
        _names.Clear();
    }

    private IEnumerable<SortedRow> Held()
    {
        if (!_isSorted)
        {
            Sort();
        }

        for (var i = 0; i < _held; i++)
        {
            var row = At(_order[i]);
            yield return new(Order(row), _names[row.Name], row.Reason, row.Low, row.High);
        }
    }

    private void Sort()
    {
        if (_order.Length < _held)
        {
            _order = new int[_held];
        }

        for (var i = 0; i < _held; i++)
        {
            _order[i] = i;
        }

        _order.AsSpan(0, _held).Sort(Compare);
        _isSorted = true;
    }

    private static decimal? Value(int scaled) => scaled < 0 ? null : (decimal)scaled / Scale;

    private static int Scaled(decimal? value) => value is { } number ? (int)Math.Round(decimal.Clamp(number, 0, Scale) * Scale) : -1;

    private int Compare(int left, int right) => Order(At(left)).CompareTo(Order(At(right))) is var order and not 0 ? order : left.CompareTo(right);

    // What rows are sorted by, in one number: the less, the more urgent. Each part has bits for all that it can be, so that none outweighs the one before it.
    private long Order(in Row row)
    {
        var reason = _reasons[row.Reason];
        var order = ((long)reason.Urgency << 8) + reason.SerumOrder;
        order = (order << ValueBits) + Highest + SortValue(reason, row);
        return (order << 8) + byte.MaxValue - reason.Rules.Count;
    }

    private ref readonly Row At(int index) => ref _rows[index / RowBlock][index % RowBlock];

    // Of an elevated result the higher is the more urgent.
    private static int SortValue(WorklistReason reason, in Row row) => reason.Serum == SerumStatus.Elevated ? -Math.Max(row.Low, row.High) : Math.Max(row.Low, row.High);

    // Serum magnesium in ten-thousandths of mmol/L; -1 where the end is open or there is no value.
    private readonly record struct Row(PatientNames.Place Name, int Reason, int Low, int High);
}
