using System.Diagnostics;
using FhirMg.Reasoning.Proposing;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Tests.Proposing;

/// <summary>What we write passes Firely's strict mode, core R4 and the project's own profiles.</summary>
public sealed class ProfileTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void Everything_written_for_the_samples_parses_strictly(string language)
    {
        var strict = new FhirJsonDeserializer(new DeserializerSettings().UsingMode(DeserializationMode.Strict));
        Assert.All(Bundles(language), bundle => strict.DeserializeResource(bundle));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public async System.Threading.Tasks.Task Everything_written_for_the_samples_conforms_to_its_profile(string language) =>
        AssertNone(await Validate(string.Join('\n', Bundles(language)), "validate.mjs"));

    [Fact]
    public async System.Threading.Tasks.Task The_knowledge_artifacts_are_valid_R4() =>
        AssertNone(await Validate("", "validate.mjs", "--knowledge", Repository.Path("profiles")));

    [Fact]
    public async System.Threading.Tasks.Task The_validator_refuses_what_does_not_conform() =>
        Assert.Contains("MedicationRequest.intent", await Validate(Bundles("en").First(bundle => bundle.Contains("MedicationRequest", StringComparison.Ordinal)).Replace("\"intent\":\"proposal\"", "\"intent\":\"order\"", StringComparison.Ordinal), "validate.mjs"), StringComparison.Ordinal);

    private static void AssertNone(string problems) => Assert.True(problems.Length == 0, problems);

    private static IEnumerable<string> Bundles(string language)
    {
        var serializer = new FhirJsonSerializer();
        foreach (var name in Samples.SampleTests.Cases.Select(row => row.Data))
        {
            var assessments = ReportOf.Assess(File.ReadAllBytes(Repository.Path("fhir-samples", name, "bundle.json")), ReportOf.AsOf);
            var bundle = ProposalBundle.Of(assessments, language == "ru" ? Language.Russian : Language.English);
            if (bundle.Entry.Count > 0)
            {
                yield return serializer.SerializeToString(bundle);
            }
        }
    }

    private static async Task<string> Validate(string input, params IEnumerable<string> arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = Installed.Validator(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        var said = await output + await errors;
        return node.ExitCode == 0 ? "" : $"exit {node.ExitCode}: {said}";
    }
}
