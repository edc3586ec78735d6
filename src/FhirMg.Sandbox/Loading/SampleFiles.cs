using System.Reflection;

namespace FhirMg.Sandbox.Loading;

/// <summary>Finds the bundles to load: those of a folder, or the ones that come with the program.</summary>
internal static class SampleFiles
{
    private const string Prefix = "sample:";
    private const string BundleName = "bundle.json";

    /// <exception cref="SandboxException">The folder is not there, or has no bundles.</exception>
    public static IReadOnlyList<SampleCase> Read(string? folder) => folder is null ? Embedded() : OfFolder(folder);

    private static List<SampleCase> Embedded()
    {
        var assembly = typeof(SampleFiles).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => new SampleCase(name[Prefix.Length..].Trim('/', '\\'), Bytes(assembly, name)))];
    }

    private static List<SampleCase> OfFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new SandboxException($"the folder of samples {folder} is not there");
        }

        var files = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith("expected-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return files.Count == 0
            ? throw new SandboxException($"the folder {folder} has no .json file with a FHIR Bundle")
            : [.. files.Select(file => new SampleCase(Path.GetFileName(file) == BundleName ? new FileInfo(file).Directory!.Name : Path.GetFileNameWithoutExtension(file), File.ReadAllBytes(file)))];
    }

    private static byte[] Bytes(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
