using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Servers;

/// <summary><c>--write</c>, and what is told without it.</summary>
public sealed class WriteTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "transaction")]
    [InlineData(true, "singly")]
    public async Task Written_twice_nothing_is_created_the_second_time(bool noTransaction, string how)
    {
        Installed.RequireRealServer();
        await using var server = await RealServer.StartAsync(new() { Lenient = true, NoTransaction = noTransaction }, Cancellation);
        await server.LoadAsync(Hospital.Mild, Cancellation);
        var loaded = (await server.DumpAsync(Cancellation)).Count;

        var told = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--format", "json");
        Assert.Equal((0, ""), (told.ExitCode, told.Errors));
        Assert.Equal((how, false), ((string)Hospital.Writes(told)["how"]!, (bool)Hospital.Writes(told)["written"]!));
        Assert.Equal(["create"], Hospital.Each(Hospital.Writes(told), "action"));
        Assert.Equal(loaded, (await server.DumpAsync(Cancellation)).Count);

        var first = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--format", "json", "--write");
        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        var dump = await server.DumpAsync(Cancellation);
        Assert.Equal((how, true), ((string)Hospital.Writes(first)["how"]!, (bool)Hospital.Writes(first)["written"]!));
        Assert.Equal(["created"], Hospital.Each(Hospital.Writes(first), "outcome"));
        Assert.Equal(dump.Select(Name).Except(Hospital.Mild.Select(Name)).Order(StringComparer.Ordinal), Hospital.Each(Hospital.Writes(first), "reference"));
        Assert.Equal(Hospital.Each(Hospital.Writes(told), "resource"), Hospital.Each(Hospital.Writes(first), "resource"));
        Assert.True(JsonNode.DeepEquals(Hospital.ExpectedReports(Hospital.MildSample), JsonNode.Parse(first.Output)!["reports"]));

        var second = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--format", "json", "--write");
        Assert.Equal((0, ""), (second.ExitCode, second.Errors));
        Assert.Equal(("nothing", "left"), ((string)Hospital.Writes(second)["how"]!, string.Join(' ', Hospital.Each(Hospital.Writes(second), "outcome"))));
        Assert.Equal(dump.Select(resource => resource.ToJsonString()), (await server.DumpAsync(Cancellation)).Select(resource => resource.ToJsonString()));
    }

    [Theory]
    [InlineData("en", "What was written", "Created", "As one transaction", "RiskAssessment/")]
    [InlineData("ru", "Что записано", "Создано", "Одной транзакцией", "RiskAssessment/")]
    public void The_table_says_what_was_written(string language, params string[] said)
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild);
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--lang", language, "--write");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.All(said, text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
        Assert.Contains(server.Resources, resource => resource["resourceType"]!.ToString() == "MedicationRequest" && resource["status"]!.ToString() == "draft");
    }

    [Theory]
    [InlineData("en", "What would be written", "Nothing: the proposals can only be suggested to a person.", "the server takes no")]
    [InlineData("ru", "Что было бы записано", "Ничего: предложения можно только показать человеку.", "сервер не принимает")]
    public void Epic_takes_suggestions_only_and_the_table_says_why(string language, params string[] said)
    {
        using var server = Hospital.Start(Vendors.Epic, Hospital.Mild);
        foreach (var write in (string[][])[[], ["--write"]])
        {
            var run = Hospital.Evaluate(server.BaseUrl, ["--patient", Hospital.MildPatient, "--lang", language, .. write]);
            Assert.Equal(0, run.ExitCode);
            Assert.All(said.Skip(write.Length), text => Assert.Contains(text, run.Output, StringComparison.Ordinal));
        }

        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Theory]
    [InlineData("report", "report", "report")]
    [InlineData("suggest", "suggest", "report suggest")]
    public void The_write_policy_is_an_upper_bound(string policy, string how, string actions)
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild);
        foreach (var write in (string[][])[[], ["--write"]])
        {
            var run = Hospital.Evaluate(server.BaseUrl, ["--patient", Hospital.MildPatient, "--write-policy", policy, "--format", "json", .. write]);
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            Assert.Equal((how, actions), ((string)Hospital.Writes(run)["how"]!, string.Join(' ', Hospital.Each(Hospital.Writes(run), "action"))));
            Assert.Contains($"'{policy}'", string.Join(' ', Hospital.Each(Hospital.Writes(run), "reason")), StringComparison.Ordinal);
        }

        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public void What_fails_is_named_with_what_to_do_and_the_other_patients_are_written()
    {
        using var server = Hospital.Start(Vendors.Hapi with { Transactions = false }, Hospital.Ward(2))
            .Inject(Faults.Status(500).When(request => request.Method == "POST" && request.Body.Contains("Patient/a0", StringComparison.Ordinal)));
        var run = Hospital.Evaluate(server.BaseUrl, "-p", "a0", "-p", "a1", "--format", "json", "--write");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Patient/a0: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Run the same again: nothing is written twice", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["Patient/a0", "Patient/a1"], Reports.Patients(run));
        Assert.Contains(server.Resources, resource => resource["subject"]?["reference"]?.ToString() == "Patient/a1" && resource["resourceType"]!.ToString() == "RiskAssessment");
    }

    [Fact]
    public void Fhir_stays_one_Bundle_and_standard_error_says_what_was_written()
    {
        using var server = Hospital.Start(Vendors.Medplum, Hospital.Mild);
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--format", "fhir", "--write");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("Bundle", (string)JsonNode.Parse(run.Output)!["resourceType"]!);
        Assert.Matches("^fhirmg: Patient/p1: created [A-Za-z]+/", run.Errors);
    }

    private static string Name(JsonObject resource) => $"{resource["resourceType"]}/{resource["id"]}";
}
