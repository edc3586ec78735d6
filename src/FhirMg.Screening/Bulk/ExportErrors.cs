using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Bulk;

/// <summary>Reads what the server says it could not export: NDJSON of OperationOutcomes.</summary>
internal static class ExportErrors
{
    private const int MostNamed = 20;

    /// <summary>What the outcomes of the files say, each kind of thing once; and how many there were.</summary>
    public static IReadOnlyList<string> Read(IEnumerable<string> paths, Knowledge knowledge)
    {
        var said = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            NdjsonFile.EachLine(path, ScreeningOptions.DefaultLongestLine, line =>
            {
                var outcomes = new SearchPages(knowledge).Add(line, "OperationOutcome").Outcomes;
                foreach (var outcome in outcomes.Count > 0 ? outcomes : ["an error that cannot be read"])
                {
                    said[outcome] = said.GetValueOrDefault(outcome) + 1;
                }
            });
        }

        var named = said.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MostNamed)
            .Select(pair => $"the server could not export everything: {pair.Key}{(pair.Value > 1 ? $" ({pair.Value} times)" : "")}").ToList();
        if (said.Count > MostNamed)
        {
            named.Add($"the server could not export everything: {said.Count - MostNamed} more kinds of errors");
        }

        return named;
    }
}
