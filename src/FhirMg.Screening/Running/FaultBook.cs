using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Running;

/// <summary>What could not be read: the first in the order of files and lines, and how many in all. Threads may share it.</summary>
internal sealed class FaultBook
{
    private readonly SortedList<(FactPlace Place, string Problem), ReadFault> _first = [];
    private readonly Lock _lock = new();

    public long Count { get; private set; }

    public IReadOnlyList<ReadFault> First
    {
        get
        {
            lock (_lock)
            {
                return [.. _first.Values];
            }
        }
    }

    public void Add(FactPlace place, ReadFault fault)
    {
        lock (_lock)
        {
            Count++;
            _first[(place, fault.Problem)] = fault;
            if (_first.Count > ScreeningOutcome.FaultsNamed)
            {
                _first.RemoveAt(_first.Count - 1);
            }
        }
    }

    /// <summary>What an earlier run had found.</summary>
    public void Continue(IEnumerable<SavedFault> faults, long count)
    {
        foreach (var fault in faults)
        {
            _first[(new(fault.File, fault.Line), fault.Fault.Problem)] = fault.Fault;
        }

        Count = count;
    }

    public IReadOnlyList<SavedFault> Save()
    {
        lock (_lock)
        {
            return [.. _first.Select(pair => new SavedFault(pair.Key.Place.File, pair.Key.Place.Line, pair.Value))];
        }
    }
}
