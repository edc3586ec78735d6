using System.Diagnostics;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Writing;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>What is written – first, in another's place, and with its fingerprint – conforms to core R4 and to the project's own profiles.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public async Task Everything_written_conforms_to_its_profile()
    {
        var server = new PlainServer();
        Case[] course = [Case.Latent, Case.Latent.WithSerum(0.60m), Case.Mild.WithAnxiety().WithEgfr(45), Case.Mild.WithSerum(0.90m), Case.Sample("missing-serum-with-migraine"), Case.Mild];
        var bundles = course.Select(data => server.Write(data)).Select(Bundle).ToList();
        Assert.Contains("StructureDefinition/replaces", string.Join(' ', bundles), StringComparison.Ordinal);
        Assert.Equal("", await ValidateAsync(string.Join('\n', bundles)));
    }

    [Fact]
    public async Task Everything_withdrawn_is_core_R4()
    {
        var server = new PlainServer();
        server.Write(Case.Latent);
        server.Write(Case.Sample("missing-serum-with-migraine"));
        server.Write(Case.Mild.WithSerum(0.90m));
        var withdrawn = server.Resources.Where(resource => resource.Text("status") is "cancelled" or "revoked").Select(resource => resource.DeepClone().AsObject()).ToList();
        Assert.Equal(5, withdrawn.DistinctBy(resource => resource.Text("resourceType")).Count());

        // The validator asks for a profile of what carries our marks, and our profiles are of what is proposed.
        withdrawn.ForEach(resource => (_, _) = (resource.Remove("identifier"), resource["meta"]!.AsObject().Remove("tag")));
        Assert.Equal("", await ValidateAsync(string.Join('\n', withdrawn.Select(resource => resource.ToJsonString()))));
    }

    private static string Bundle(WritePlan plan) => new JsonObject
    {
        ["resourceType"] = "Bundle",
        ["type"] = "transaction",
        ["entry"] = new JsonArray([.. plan.Writes.Where(step => step.Action == WriteAction.Create).Select(step => new JsonObject
        {
            ["fullUrl"] = step.FullUrl,
            ["resource"] = step.Resource!.DeepClone(),
            ["request"] = new JsonObject { ["method"] = "POST", ["url"] = step.Type, ["ifNoneExist"] = step.IfNoneExist },
        })]),
    }.ToJsonString();

    private static async Task<string> ValidateAsync(string input)
    {
        var folder = Path.GetFullPath(Path.Combine(Case.PathOf("x"), "..", "..", "..", "tests", "validation"));
        if (!Directory.Exists(Path.Combine(folder, "node_modules")) && Environment.GetEnvironmentVariable("FHIRMG_REQUIRE_ALL") != "1")
        {
            Assert.Skip("the profile validator is not installed: run npm ci in tests/validation");
        }

        using var node = Process.Start(new ProcessStartInfo("node", ["validate.mjs"])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        var said = await output + await errors;
        return node.ExitCode == 0 ? "" : said;
    }
}
