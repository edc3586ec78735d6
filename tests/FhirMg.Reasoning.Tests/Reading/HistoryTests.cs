using System.Text;
using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Reading;

/// <summary>What a history Bundle says is deleted does not count, however the request's url is written.</summary>
public sealed class HistoryTests
{
    [Theory]
    [InlineData("Observation/mg-1")]
    [InlineData("/fhir/Observation/mg-1")]
    [InlineData("https://ehr.example.org/fhir/Observation/mg-1")]
    [InlineData("https://ehr.example.org/fhir/Observation/mg-1/_history/3")]
    public void A_deleted_result_does_not_count(string url) => Assert.Equal("missing", Status(url));

    [Theory]
    [InlineData("Condition/mg-1")]
    [InlineData("https://ehr.example.org/fhir/Observation/mg-10")]
    [InlineData("Observation")]
    [InlineData("")]
    public void Another_url_deletes_nothing_else(string url) => Assert.Equal("moderate", Status(url));

    private static string? Status(string url)
    {
        var bundle = JsonNode.Parse(File.ReadAllText(Repository.Path("fhir-samples", "history-with-deleted-entry", "bundle.json")))!;
        bundle["entry"]![0]!["request"]!["url"] = url;
        var report = ReportOf.Json(Encoding.UTF8.GetBytes(bundle.ToJsonString()), ReportOf.AsOf, "history.json")["reports"]![0]!;
        return (string?)report["serum"]!["status"];
    }
}
