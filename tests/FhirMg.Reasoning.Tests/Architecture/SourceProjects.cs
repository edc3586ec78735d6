using System.Xml.Linq;

namespace FhirMg.Reasoning.Tests.Architecture;

/// <summary>A project of <c>src</c>, as its project file says.</summary>
/// <param name="Name">E.g. <c>Reasoning</c>.</param>
/// <param name="References">The projects of ours that it refers to, by the same kind of name.</param>
internal sealed record SourceProject(string Name, IReadOnlyList<string> References);

/// <summary>The projects and files of <c>src</c>, those of today and whatever is added later.</summary>
internal static class SourceProjects
{
    private const string Prefix = "FhirMg.";

    public static IReadOnlyList<SourceProject> All { get; } =
    [
        .. Directory.GetFiles(Repository.Path("src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new SourceProject(NameOf(file), [.. XDocument.Load(file).Descendants("ProjectReference").Select(reference => NameOf(reference.Attribute("Include")!.Value))])),
    ];

    /// <summary>Every source file, as a path from the root with forward slashes.</summary>
    public static IEnumerable<string> Files => Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Intersect(["bin", "obj"]).Any()).Order(StringComparer.Ordinal);

    private static string NameOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
    }
}
