namespace FhirMg.Reasoning.Tests.Architecture;

/// <summary>The arrows between projects: Service, Cli → Screening → Fhir → Reasoning, and the sandbox beside them.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Reasoning"] = [],
        ["Fhir"] = ["Reasoning"],
        ["Screening"] = ["Fhir", "Reasoning"],
        ["Service"] = ["Screening", "Fhir", "Reasoning", "Sandbox"],
        ["Cli"] = ["Screening", "Fhir", "Reasoning", "Sandbox"],
        ["Sandbox"] = [],
    };

    public static TheoryData<string> Projects => [.. SourceProjects.All.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_those_below_it(string name)
    {
        Assert.True(Allowed.TryGetValue(name, out var below), $"{name} has no place among the arrows: give it one");
        var project = SourceProjects.All.Single(one => one.Name == name);
        Assert.Empty(project.References.Except(below));
    }

    [Fact]
    public void The_core_is_among_the_projects() => Assert.Contains("Reasoning", SourceProjects.All.Select(project => project.Name));
}
