namespace FhirMg.Cli.Inputs;

/// <summary>Finds the sources that the command line names: files, standard input, and all JSON in directories.</summary>
internal sealed class InputFinder(Diagnostics diagnostics)
{
    private static readonly string[] Endings = [".json", ".ndjson", ".jsonl"];
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);

    /// <summary>The sources in the order of the command line; those of a directory in ordinal order; none twice.</summary>
    public List<InputSource> Find(IEnumerable<string> arguments)
    {
        var sources = new List<InputSource>();
        foreach (var argument in arguments)
        {
            if (argument == InputSource.StandardInput)
            {
                Add(sources, argument, argument, fromDirectory: false);
            }
            else if (Directory.Exists(argument))
            {
                AddDirectory(sources, argument);
            }
            else if (File.Exists(argument))
            {
                Add(sources, argument, Path.GetFullPath(argument), fromDirectory: false);
            }
            else
            {
                diagnostics.Report($"{argument}: there is no such file or directory. Check the name; the other inputs are still evaluated");
            }
        }

        return sources;
    }

    private void AddDirectory(List<InputSource> sources, string directory)
    {
        var found = new List<string>();
        Walk(new(directory), directory, found);
        if (found.Count == 0)
        {
            diagnostics.Report($"{directory}: there is no *.json, *.ndjson or *.jsonl in this directory or below it. Name the directory that holds the FHIR resources");
        }

        found.Sort(StringComparer.Ordinal);
        foreach (var path in found)
        {
            Add(sources, path, Path.GetFullPath(path), fromDirectory: true);
        }
    }

    private void Walk(DirectoryInfo directory, string path, List<string> found)
    {
        try
        {
            // A link may lead back to where the walk came from.
            if (!_visited.Add((directory.ResolveLinkTarget(returnFinalTarget: true) ?? directory).FullName))
            {
                return;
            }

            foreach (var entry in directory.EnumerateFileSystemInfos())
            {
                var name = Path.Combine(path, entry.Name);
                if (entry is DirectoryInfo below)
                {
                    Walk(below, name, found);
                }
                else if (Endings.Any(ending => entry.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
                {
                    found.Add(name);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report($"{path}: the directory cannot be listed: {e.Message} Check that you may read it");
        }
    }

    private void Add(List<InputSource> sources, string path, string identity, bool fromDirectory)
    {
        if (_named.Add(identity))
        {
            sources.Add(new(path, fromDirectory));
        }
    }
}
