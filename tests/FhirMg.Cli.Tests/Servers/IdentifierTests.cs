using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Servers;

/// <summary><c>--identifier</c>: exactly one patient, or none.</summary>
public sealed class IdentifierTests
{
    private const string Twins = """[{"system":"https://mrn.example.org","value":"twin"}]""";

    [Fact]
    public void The_patient_with_the_identifier_is_read()
    {
        using var server = Hospital.Start(Vendors.Epic, Hospital.Ward(3));
        var run = Hospital.Evaluate(server.BaseUrl, "--identifier", "https://mrn.example.org|1", "--format", "json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["Patient/a1"], Reports.Patients(run));
    }

    [Fact]
    public void Nobody_with_it_is_an_error_and_the_others_go_on()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Ward(2));
        var run = Hospital.Evaluate(server.BaseUrl, "--identifier", "https://mrn.example.org|77", "--patient", "a1", "--format", "json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("identifier https://mrn.example.org|77: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("there is no patient with this identifier", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["Patient/a1"], Reports.Patients(run));
    }

    [Fact]
    public void Several_with_it_are_an_error_that_counts_them_over_all_pages()
    {
        var twins = Enumerable.Range(0, 3).Select(i => JsonNode.Parse(Resources.Patient($"t{i}"))!.AsObject().With("identifier", Twins));
        using var server = Hospital.Start(Vendors.Hapi with { MaxCount = 2, DefaultCount = 2 }, twins);
        var run = Hospital.Evaluate(server.BaseUrl, "--identifier", "https://mrn.example.org|twin");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("3 patients have this identifier: name the one that is meant by --patient ID", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Type == "Observation");
    }

    [Fact]
    public void A_server_that_passes_over_the_identifier_makes_nobody_a_match()
    {
        using var server = Hospital.Start(Vendors.Microsoft with { Types = new Dictionary<string, TypeSupport> { ["Patient"] = new("_id"), ["Observation"] = new("patient", "code") } }, Hospital.Ward(1));
        var run = Hospital.Evaluate(server.BaseUrl, "--identifier", "https://mrn.example.org|5");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("none has this identifier, so it does not search by it", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_patient_asked_for_twice_comes_once()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Ward(2));
        Assert.Equal(["Patient/a1"], Reports.Patients(Hospital.Evaluate(server.BaseUrl, "--identifier", "https://mrn.example.org|1", "--patient", "a1", "--format", "json")));
    }
}
