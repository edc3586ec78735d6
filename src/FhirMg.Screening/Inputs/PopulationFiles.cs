using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Inputs;

/// <summary>Finds the NDJSON that inputs name: files, directories, standard input.</summary>
internal static class PopulationFiles
{
    public const string StandardInput = "-";
    private static readonly string[] Endings = [".ndjson", ".jsonl"];
    private static readonly string[] Packings = ["", ".gz", ".zst"];

    /// <summary>The files in ordinal order of their names, none twice; what cannot be used is told.</summary>
    /// <param name="inputs">Files and directories.</param>
    /// <param name="leaveOut">A directory that is not searched: the results' own.</param>
    /// <param name="faults">Takes what cannot be used.</param>
    public static List<string> Find(IEnumerable<string> inputs, string leaveOut, List<ReadFault> faults)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var identities = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            if (input == StandardInput || File.Exists(input))
            {
                Add(input);
            }
            else if (Directory.Exists(input))
            {
                var files = InDirectory(input, leaveOut, faults);
                files.ForEach(Add);
                if (files.Count == 0)
                {
                    faults.Add(new(input, null, "there is no *.ndjson or *.jsonl (also .gz, .zst) in this directory or below it", "Name the directory that holds the bulk export; Bundles (.json) are read by 'fhirmg evaluate'"));
                }
            }
            else
            {
                faults.Add(new(input, null, "there is no such file or directory", "Check the name; the other inputs are still screened"));
            }
        }

        return [.. found];

        void Add(string path)
        {
            if (identities.Add(path == StandardInput ? path : Path.GetFullPath(path)))
            {
                found.Add(path);
            }
        }
    }

    private static List<string> InDirectory(string directory, string leaveOut, List<ReadFault> faults)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        try
        {
            var own = Path.GetFullPath(leaveOut) + Path.DirectorySeparatorChar;
            var isOwnInside = own.StartsWith(Path.GetFullPath(directory), StringComparison.Ordinal) && Path.GetFullPath(directory).Length < own.Length - 1;
            return [.. Directory.EnumerateFiles(directory, "*", options)
                .Where(IsPopulation)
                .Where(path => !isOwnInside || !Path.GetFullPath(path).StartsWith(own, StringComparison.Ordinal))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new(directory, null, $"the directory cannot be listed: {e.Message}", "Check that you may read it"));
            return [];
        }
    }

    private static bool IsPopulation(string path) =>
        Endings.Any(ending => Packings.Any(packing => path.EndsWith(ending + packing, StringComparison.OrdinalIgnoreCase)));
}
