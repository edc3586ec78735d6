using System.Text;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Worklist;

/// <summary>The patients who need something: rows of fixed size, and all names in one buffer.</summary>
internal sealed class WorklistRows(Knowledge knowledge)
{
    private const int Scale = 10_000;
    private const int NameBlock = 1 << 20;
    private const int RowBlock = 1 << 14;

    // In blocks: one array for millions would be held twice each time that it grows.
    private readonly List<WorklistRow[]> _rows = [];
    private readonly List<byte[]> _names = [];
    private int _used = NameBlock;

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

        var (start, length) = Keep(assessment.Features.Patient);
        var value = assessment.Features.CurrentSerum;
        if (Count % RowBlock == 0)
        {
            _rows.Add(new WorklistRow[RowBlock]);
        }

        _rows[^1][Count++ % RowBlock] = new()
        {
            NameStart = start,
            NameLength = length,
            Rules = rules,
            Notes = notes,
            Withheld = assessment.Candidates.Except(assessment.Proposed),
            NotChecked = assessment.NotChecked,
            Low = Scaled(value?.Low),
            High = Scaled(value?.High),
            Urgency = urgency,
            Serum = assessment.Serum,
            Deficiency = assessment.Deficiency,
            Form = CohortDimensions.Form(assessment.Features),
        };
    }

    /// <summary>The rows, most urgent first: by urgency, serum status, lower value, more reasons, then in the order they came (by name).</summary>
    public IEnumerable<WorklistRow> Sorted()
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, Compare);
        foreach (var index in order)
        {
            yield return Row(index);
        }
    }

    public string NameOf(in WorklistRow row) => Encoding.UTF8.GetString(_names[row.NameStart / NameBlock], row.NameStart % NameBlock, row.NameLength);

    /// <summary>The value of an end in mmol/L, to four decimals; null when it is open.</summary>
    public static decimal? Value(int scaled) => scaled < 0 ? null : (decimal)scaled / Scale;

    private static int Scaled(decimal? value) => value is { } number ? (int)Math.Round(decimal.Clamp(number, 0, Scale) * Scale) : -1;

    private int Compare(int left, int right)
    {
        ref readonly var a = ref Row(left);
        ref readonly var b = ref Row(right);
        var order = a.Urgency.CompareTo(b.Urgency);
        order = order != 0 ? order : a.SerumOrder.CompareTo(b.SerumOrder);
        order = order != 0 ? order : SortValue(a).CompareTo(SortValue(b));
        order = order != 0 ? order : b.Rules.Count.CompareTo(a.Rules.Count);
        return order != 0 ? order : left.CompareTo(right);
    }

    private ref readonly WorklistRow Row(int index) => ref _rows[index / RowBlock][index % RowBlock];

    // Of an elevated result the higher is the more urgent.
    private static int SortValue(in WorklistRow row) => row.Serum == SerumStatus.Elevated ? -Math.Max(row.Low, row.High) : Math.Max(row.Low, row.High);

    private (int Start, int Length) Keep(string name)
    {
        // A name longer than a block is cut: no server hands out such an id.
        var bytes = Encoding.UTF8.GetBytes(name);
        var length = Math.Min(bytes.Length, NameBlock);
        if (_used + length > NameBlock)
        {
            _names.Add(new byte[NameBlock]);
            _used = 0;
        }

        bytes.AsSpan(0, length).CopyTo(_names[^1].AsSpan(_used));
        var start = ((_names.Count - 1) * NameBlock) + _used;
        _used += length;
        return (start, length);
    }
}
