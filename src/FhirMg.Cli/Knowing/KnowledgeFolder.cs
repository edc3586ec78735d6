using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Knowing;

/// <summary>Loads the knowledge of a directory in place of the built-in.</summary>
internal static class KnowledgeFolder
{
    /// <summary>The knowledge of the directory; the built-in when none is named.</summary>
    /// <exception cref="KnowledgeException">The directory cannot be read, or its knowledge cannot be used.</exception>
    public static Knowledge Load(string? directory)
    {
        if (directory is null)
        {
            return Knowledge.BuiltIn;
        }

        try
        {
            var files = Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal)
                .Select(path => new KnowledgeFile(Path.GetFileName(path), File.ReadAllBytes(path))).ToList();
            return files.Count > 0 ? Knowledge.Load(files)
                : throw new KnowledgeException($"{directory}: there is no *.json in it. Name a directory with the artifacts of the knowledge, such as PlanDefinition-magnesium-migraine.json");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KnowledgeException($"{directory}: {e.Message}", e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or ArithmeticException)
        {
            throw new KnowledgeException($"{directory}: the artifacts contradict themselves: {e.Message}", e);
        }
    }
}
