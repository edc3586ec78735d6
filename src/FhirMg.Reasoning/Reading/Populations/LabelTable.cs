using System.Collections.Concurrent;

namespace FhirMg.Reasoning.Reading;

/// <summary>Words that many facts share, such as the name of a diagnosis, kept once. Threads may share it.</summary>
public sealed class LabelTable
{
    /// <summary>Beyond so many, words stand in their facts: free text never repeats.</summary>
    public const int Most = 4096;

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly string?[] _labels = new string?[Most];
    private int _count;

    /// <summary>An empty table.</summary>
    public LabelTable()
    {
    }

    /// <summary>The table of a run that is resumed.</summary>
    /// <param name="labels">What <see cref="Labels"/> gave.</param>
    public LabelTable(IEnumerable<string> labels)
    {
        foreach (var label in labels)
        {
            Number(label);
        }
    }

    /// <summary>The words, in the order of their numbers.</summary>
    public IReadOnlyList<string> Labels => [.. _labels.Take(Math.Min(_count, Most)).Select(label => label!)];

    internal string this[int number] => _labels[number]!;

    /// <summary>The number of the words; negative when the table is full.</summary>
    internal int Number(string label)
    {
        if (_numbers.TryGetValue(label, out var number))
        {
            return number;
        }

        if (_count >= Most)
        {
            return -1;
        }

        lock (_labels)
        {
            if (_numbers.TryGetValue(label, out number))
            {
                return number;
            }

            if (_count >= Most)
            {
                return -1;
            }

            _labels[_count] = label;
            _numbers[label] = _count;
            return _count++;
        }
    }
}
