using FhirMg.Sandbox;

namespace FhirMg.Cli.Tests.Loading;

/// <summary><c>fhirmg load</c>: samples into a FHIR test server.</summary>
public sealed class LoadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cases_that_share_ids_are_loaded_side_by_side()
    {
        using var folder = new Workspace();
        foreach (var name in (string[])["first", "second"])
        {
            folder.Write($"{name}/bundle.json", """
                {"resourceType":"Bundle","type":"collection","entry":[
                  {"resource":{"resourceType":"Patient","id":"p1","birthDate":"1980-01-01","name":[{"family":"NAME"}]}},
                  {"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":{"text":"migraine"}}}]}
                """.Replace("NAME", name, StringComparison.Ordinal));
        }

        folder.Write("none/patient.json", """{"resourceType":"Patient","id":"only"}""");
        await using var hospital = await SandboxApplication.StartAsync(new() { Samples = folder.Path("none") }, Cancellation);
        foreach (var name in (string[])["first", "second"])
        {
            var run = Fhirmg.Run("load", "--server", hospital.FhirBase.AbsoluteUri, folder.Path(name));
            Assert.Equal("", run.Errors);
            Assert.Equal(0, run.ExitCode);
            Assert.StartsWith("2 resources of 1 cases loaded, 0 refused", run.Output, StringComparison.Ordinal);
        }

        using var http = new HttpClient();
        Assert.Contains("\"family\":\"first\"", Compact(await http.GetStringAsync(new Uri($"{hospital.FhirBase}/Patient/first-p1"), Cancellation)), StringComparison.Ordinal);
        Assert.Contains("\"Patient/second-p1\"", await http.GetStringAsync(new Uri($"{hospital.FhirBase}/Condition/second-c1"), Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_said()
    {
        var run = Fhirmg.Run("load", "--server", "http://127.0.0.1:9/fhir");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--wait", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said()
    {
        var run = Fhirmg.Run("load", "--server", "http://127.0.0.1:9/fhir", "/no/such/folder");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("/no/such/folder", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", run.Errors, StringComparison.Ordinal);
    }

    private static string Compact(string json) => json.Replace(" ", "", StringComparison.Ordinal);
}
