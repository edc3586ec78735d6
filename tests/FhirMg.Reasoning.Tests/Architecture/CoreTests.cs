using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using FhirMg.Reasoning.Evaluation;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Model = ArchUnitNET.Domain.Architecture;

namespace FhirMg.Reasoning.Tests.Architecture;

/// <summary>The core is pure: facts in, assessment out; and its folders look in one direction only.</summary>
public sealed class CoreTests
{
    private const string Core = "FhirMg.Reasoning";
    private static readonly Model Loaded = new ArchLoader().LoadAssemblies(typeof(Evaluator).Assembly).Build();

    [Theory]
    [InlineData(@"^FhirMg\.(?!Reasoning($|\.)).*", "others of ours")]
    [InlineData(@"^System\.IO\.(File|Directory|Path|Drive|Pipes|FileSystem|IsolatedStorage).*", "files")]
    [InlineData(@"^System\.Net\..*", "the network")]
    [InlineData(@"^System\.(Console|Environment|AppContext|TimeProvider|Random)$", "the machine or the clock")]
    [InlineData(@"^System\.(Diagnostics\.(Process|Stopwatch|Trace|Debug|EventLog)|Threading\.(Thread|Timer|PeriodicTimer))$", "processes, clocks and threads")]
    [InlineData(@"^(Microsoft\.Extensions|Microsoft\.AspNetCore|Serilog|NLog)\..*", "logging, configuration or a container")]
    public void The_core_does_not_touch(string types, string what) => AssertNone(Violations(Core, types), what);

    [Fact]
    public void The_core_reads_no_clock_and_invents_no_identifier()
    {
        string[] forbidden = ["get_Now", "get_UtcNow", "get_Today", "NewGuid", "CreateVersion7", "GetTimestamp", "get_TickCount", "get_TickCount64"];
        AssertNone(Loaded.Types.Where(type => type.FullName.StartsWith(Core, StringComparison.Ordinal)).SelectMany(type => type.GetCalledMethods().Select(method => (Type: type, Method: method)))
            .Where(call => call.Method.FullName.StartsWith("System.", StringComparison.Ordinal) || call.Method.DeclaringType.FullName.StartsWith("System.", StringComparison.Ordinal))
            .Where(call => forbidden.Any(name => call.Method.Name.StartsWith(name, StringComparison.Ordinal)))
            .Select(call => $"{call.Type.FullName} calls {call.Method.FullName}"), "the clock");
    }

    [Theory]
    [InlineData("Reading", @"^FhirMg\.Reasoning\.(Extraction|Evaluation|Reporting|Proposing)\..*")]
    [InlineData("Extraction", @"^FhirMg\.Reasoning\.(Evaluation|Reporting|Proposing)\..*")]
    [InlineData("Evaluation", @"^FhirMg\.Reasoning\.Proposing\..*")]
    [InlineData("Reporting", @"^FhirMg\.Reasoning\.Proposing\..*")]
    [InlineData("Reading", @"^Hl7\..*")]
    [InlineData("Extraction", @"^Hl7\..*")]
    [InlineData("Evaluation", @"^Hl7\..*")]
    [InlineData("Reporting", @"^Hl7\..*")]
    [InlineData("Knowing", @"^Hl7\..*")]
    public void A_folder_does_not_look_at(string folder, string types) => AssertNone(Violations($"{Core}.{folder}", types), types);

    [Theory]
    [InlineData("Proposing", @"^Hl7\.Fhir\..*")]
    [InlineData("Knowing", @"^System\.IO\.Stream$")]
    [InlineData("Extraction", @"^FhirMg\.Reasoning\.Reading\..*")]
    public void The_rules_see_what_there_is(string folder, string types) => Assert.NotEmpty(Violations($"{Core}.{folder}", types));

    [Fact]
    public void The_rules_see_calls() =>
        Assert.Contains(Loaded.Types.SelectMany(type => type.GetCalledMethods()), method => method.FullName.Contains("System.DateTimeOffset", StringComparison.Ordinal) && method.Name.StartsWith("get_UtcTicks", StringComparison.Ordinal));

    private static IEnumerable<string> Violations(string from, string to) => Types().That().ResideInNamespaceMatching($"^{from.Replace(".", "\\.", StringComparison.Ordinal)}($|\\.)")
        .Should().NotDependOnAnyTypesThat().HaveFullNameMatching(to)
        .Evaluate(Loaded).Where(result => !result.Passed).Select(result => result.Description);

    private static void AssertNone(IEnumerable<string> violations, string what)
    {
        var found = string.Join('\n', violations);
        Assert.True(found.Length == 0, $"{what}:\n{found}");
    }
}
