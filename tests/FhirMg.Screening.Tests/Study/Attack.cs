using System.Text.Json.Nodes;
using FhirMg.Screening.Study;

namespace FhirMg.Screening.Tests.Study;

/// <summary>
/// Somebody who wants the hidden counts: writes down every equation that holds between the figures of a summary, solves them by elimination, and narrows
/// the bounds of what is left, counts being no less than zero.
/// </summary>
internal sealed class Attack
{
    private readonly Dictionary<string, int> _unknowns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);
    private readonly List<(Dictionary<int, double> Left, double Right)> _equations = [];

    public Attack(JsonObject summary)
    {
        foreach (var table in summary["tables"]!.AsArray().OfType<JsonObject>())
        {
            var kind = ((string)table["code"]!).Split("-by-")[0];
            foreach (var column in table["columns"]!.AsArray().OfType<JsonObject>())
            {
                var name = Name((string)table["code"]!, (string)column["code"]!);
                Learn($"all|{name}", column);
                foreach (var (row, figure) in column["rows"]!.AsObject())
                {
                    // A share is a count too, where the whole is known.
                    Learn($"{kind}:{row}|{name}", figure!.AsObject());
                }
            }
        }

        var crude = summary["oddsRatios"]!["crude"]!.AsObject();
        foreach (var (figure, name) in ((string, string)[])[("migraineLow", "low|migraine:any"), ("migraineNotLow", "notlow|migraine:any"), ("noMigraineLow", "low|migraine:none"), ("noMigraineNotLow", "notlow|migraine:none")])
        {
            Learn(name, crude[figure]!.AsObject());
        }

        Learn("distribution|migraine:any", summary["serum"]!["withMigraine"]!.AsObject());
        Learn("distribution|migraine:none", summary["serum"]!["withoutMigraine"]!.AsObject());
        WriteEquations();
    }

    private static IEnumerable<string> Statuses => CohortTables.SerumStatus.Select(row => $"serum-status:{row.Code}");

    private static IEnumerable<string> Classes => CohortTables.Deficiency.Select(row => $"deficiency:{row.Code}");

    /// <summary>The counts that can be told, by name.</summary>
    public IReadOnlyDictionary<string, long> Run()
    {
        var told = Eliminate();
        foreach (var (name, value) in Narrow())
        {
            told[name] = value;
        }

        return told;
    }

    /// <summary>What a count of the attack really is.</summary>
    public static long? TruthOf(CohortSummary truth, string name)
    {
        var (row, column) = (name.Split('|')[0], name.Split('|')[1]);
        if (row == "distribution")
        {
            return (column == "migraine:any" ? truth.With : truth.Without)?.Count;
        }

        var columns = CohortTables.All.SelectMany(table => table.Columns.Select(one => (Name(table.Code, one.Code), one.Column))).ToLookup(pair => pair.Item1, pair => pair.Column);
        var rows = CohortTables.SerumStatus.Select(one => ($"serum-status:{one.Code}", one.Row)).Concat(CohortTables.Deficiency.Select(one => ($"deficiency:{one.Code}", one.Row)))
            .Append(("all", FigureRow.All)).Append(("low", FigureRow.Low)).Append(("notlow", FigureRow.NotLow)).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        return rows.TryGetValue(row, out var found) ? truth[found, columns[column].First()] : null;
    }

    private static string Name(string table, string column) => column == "all" ? "all" : $"{table.Split("-by-")[1]}:{column}";

    private void Learn(string name, JsonObject figure)
    {
        if (figure["count"] is { } count)
        {
            _known[name] = (long)count;
        }
        else
        {
            Assert.Null(figure["percent"]);
            _unknowns.TryAdd(name, _unknowns.Count);
        }
    }

    private void WriteEquations()
    {
        foreach (var row in Statuses.Concat(Classes).Append("all"))
        {
            Sum($"{row}|migraine:any", CohortTables.Migraine.Where(one => one.Code is not ("none" or "any")).Select(one => $"{row}|migraine:{one.Code}"));
            Sum($"{row}|all", [$"{row}|migraine:none", $"{row}|migraine:any"]);
            Sum($"{row}|all", CohortTables.Age.Select(one => $"{row}|age:{one.Code}"));
            Sum($"{row}|all", CohortTables.Gender.Select(one => $"{row}|gender:{one.Code}"));
        }

        foreach (var column in _known.Keys.Concat(_unknowns.Keys).Select(name => name.Split('|')[1]).Distinct().ToList())
        {
            Sum($"all|{column}", Statuses.Select(row => $"{row}|{column}"));
            Sum($"all|{column}", Classes.Select(row => $"{row}|{column}"));

            // The rules themselves say this: an elevated result is an excess, and nothing else is.
            Sum($"serum-status:elevated|{column}", [$"deficiency:excess|{column}"]);
        }

        foreach (var column in (string[])["migraine:any", "migraine:none"])
        {
            Sum($"distribution|{column}", Statuses.Where(row => row is not ("serum-status:missing" or "serum-status:stale")).Select(row => $"{row}|{column}"));
        }
    }

    private void Sum(string whole, IEnumerable<string> parts)
    {
        var left = new Dictionary<int, double>();
        double right = 0;
        foreach (var (name, sign) in parts.Select(part => (part, 1)).Append((whole, -1)))
        {
            if (_known.TryGetValue(name, out var value))
            {
                right -= sign * value;
            }
            else
            {
                left[_unknowns[name]] = left.GetValueOrDefault(_unknowns[name]) + sign;
            }
        }

        _equations.Add((left, right));
    }

    // Gauss and Jordan: a row that is left with one unknown tells it.
    private Dictionary<string, long> Eliminate()
    {
        var rows = _equations.Where(one => one.Left.Count > 0).Select(one =>
        {
            var row = new double[_unknowns.Count + 1];
            foreach (var (index, factor) in one.Left)
            {
                row[index] = factor;
            }

            row[^1] = one.Right;
            return row;
        }).ToArray();
        var top = 0;
        for (var column = 0; column < _unknowns.Count && top < rows.Length; column++)
        {
            var pivot = Enumerable.Range(top, rows.Length - top).MaxBy(i => Math.Abs(rows[i][column]));
            if (Math.Abs(rows[pivot][column]) < 1e-9)
            {
                continue;
            }

            (rows[top], rows[pivot]) = (rows[pivot], rows[top]);
            var by = rows[top][column];
            for (var k = 0; k < rows[top].Length; k++)
            {
                rows[top][k] /= by;
            }

            for (var i = 0; i < rows.Length; i++)
            {
                var factor = rows[i][column];
                for (var k = 0; i != top && factor != 0 && k < rows[i].Length; k++)
                {
                    rows[i][k] -= factor * rows[top][k];
                }
            }

            top++;
        }

        var told = new Dictionary<string, long>(StringComparer.Ordinal);
        var names = _unknowns.ToDictionary(pair => pair.Value, pair => pair.Key);
        foreach (var row in rows)
        {
            var left = Enumerable.Range(0, _unknowns.Count).Where(i => Math.Abs(row[i]) > 1e-6).ToList();
            if (left.Count == 1)
            {
                told[names[left[0]]] = (long)Math.Round(row[^1] / row[left[0]]);
            }
        }

        return told;
    }

    private IEnumerable<(string Name, long Value)> Narrow()
    {
        var low = new double[_unknowns.Count];
        var high = new double[_unknowns.Count];
        Array.Fill(high, 1e9);
        for (var (changed, round) = (true, 0); changed && round < 200; round++)
        {
            changed = false;
            foreach (var (left, right) in _equations)
            {
                foreach (var (index, factor) in left)
                {
                    double least = right, most = right;
                    foreach (var (other, by) in left.Where(pair => pair.Key != index))
                    {
                        (least, most) = by > 0 ? (least - (by * high[other]), most - (by * low[other])) : (least - (by * low[other]), most - (by * high[other]));
                    }

                    var (from, to) = factor > 0 ? (least / factor, most / factor) : (most / factor, least / factor);
                    if (from > low[index] + 1e-6 || to < high[index] - 1e-6)
                    {
                        (low[index], high[index], changed) = (Math.Max(from, low[index]), Math.Min(to, high[index]), true);
                    }
                }
            }
        }

        return _unknowns.Where(pair => high[pair.Value] - low[pair.Value] < 1e-6).Select(pair => (pair.Key, (long)Math.Round(low[pair.Value])));
    }
}
