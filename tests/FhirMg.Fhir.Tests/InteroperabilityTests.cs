using System.Reflection;
using System.Text.RegularExpressions;
using FhirMg.Fhir.Tests.Writing;

namespace FhirMg.Fhir.Tests;

/// <summary>docs/interoperability.md names a test for each line, and each is there.</summary>
public sealed partial class InteroperabilityTests
{
    private static readonly string[] Elsewhere = ["HistoryTests", "SampleTests", "ProxyTests"];
    private static readonly Type[] Classes = Assembly.GetExecutingAssembly().GetTypes();

    [Fact]
    public void Every_line_names_tests_or_samples_that_exist()
    {
        var lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Case.PathOf("x"))!, "..", "..", "docs", "interoperability.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| what servers do", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count > 50, $"{lines.Count} lines");
        foreach (var line in lines)
        {
            var shownBy = line.Split('|')[^2];
            var names = Quoted().Matches(shownBy).Select(match => match.Groups["name"].Value).Where(name => !name.Contains('/', StringComparison.Ordinal)).ToList();
            Assert.True(names.Count > 0, line);
            string? type = null;
            Assert.All(names, name => Assert.True(Exists(name, ref type), $"{name} is not there: {line}"));
        }
    }

    // A name that begins with … is a method of the class named before.
    private static bool Exists(string name, ref string? type)
    {
        if (name.StartsWith('…'))
        {
            var method = name[1..];
            return Methods(type).Any(known => method.StartsWith('_') ? known.EndsWith(method, StringComparison.Ordinal) : known == method);
        }

        if (!name.Contains("Tests", StringComparison.Ordinal))
        {
            return Case.Names.Any(sample => name.EndsWith('…') ? sample.StartsWith(name[..^1], StringComparison.Ordinal) : sample == name);
        }

        var end = name.IndexOf("Tests", StringComparison.Ordinal) + "Tests".Length;
        type = name[..end];
        return Elsewhere.Contains(type) || (Find(type) is not null && (end == name.Length || Methods(type).Contains(name[(end + 1)..])));
    }

    private static Type? Find(string? type) => Array.Find(Classes, known => $".{known.FullName}".EndsWith($".{type}", StringComparison.Ordinal));

    private static IEnumerable<string> Methods(string? type) => Find(type)?.GetMethods().Select(method => method.Name) ?? [];

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
