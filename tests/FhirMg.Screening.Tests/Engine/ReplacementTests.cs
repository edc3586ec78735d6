namespace FhirMg.Screening.Tests.Engine;

/// <summary>Of several resources with the same type and id the newest counts, wherever it stands.</summary>
public sealed class ReplacementTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p1","birthDate":"1980-05-05"}""";

    [Theory]
    [InlineData("2026-01-03T00:00:00Z", "2026-01-02T00:00:00Z", "0.61")]
    [InlineData("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "0.91")]
    [InlineData("", "2026-01-03T00:00:00Z", "0.91")]
    [InlineData("2026-01-03T00:00:00Z", "", "0.91")]
    [InlineData("", "", "0.91")]
    public async Task The_newest_counts_then_the_later_by_file_and_line(string first, string second, string counts)
    {
        using var place = new Workplace();
        place.Write("b.ndjson", $"{FaultTests.Serum("o1", "0.91", meta: Meta(second))}\n{Patient}\n");
        place.Write("a.ndjson", $"{FaultTests.Serum("o1", "0.61", meta: Meta(first))}\n");
        var outcome = await place.Screen();
        Assert.Equal(1, outcome.Replaced);
        Assert.Contains($"\"mmolPerL\":{{\"low\":{counts},", Assert.Single(place.Lines("reports.ndjson")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_version_about_another_patient_takes_the_result_away()
    {
        using var place = new Workplace();
        place.Write("a.ndjson", $"{FaultTests.Serum("o1", "0.61")}\n{FaultTests.Serum("o1", "0.61", "Patient/p2")}\n{Patient}\n");
        await place.Screen();
        var reports = place.Lines("reports.ndjson");
        Assert.Contains(reports, report => report.StartsWith("""{"patient":"Patient/p1",""", StringComparison.Ordinal) && report.Contains("\"status\":\"missing\"", StringComparison.Ordinal));
        Assert.Contains(reports, report => report.StartsWith("""{"patient":"Patient/p2",""", StringComparison.Ordinal) && report.Contains("\"low\":0.61", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_condition_that_was_resolved_since_is_not_present()
    {
        const string Migraine = """{"resourceType":"Condition","id":"c1","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"G43.0"}]},"subject":{"reference":"Patient/p1"}}""";
        using var place = new Workplace();
        place.Write("a.ndjson", $"{Patient}\n{Migraine}\n");
        await place.Screen();
        Assert.Contains("\"present\":true", Assert.Single(place.Lines("reports.ndjson")), StringComparison.Ordinal);
        place.Write("b.ndjson", $"{Migraine.Replace("active", "resolved", StringComparison.Ordinal)}\n");
        await place.Screen();
        Assert.Contains("\"present\":false", Assert.Single(place.Lines("reports.ndjson")), StringComparison.Ordinal);
    }

    private static string Meta(string lastUpdated) => lastUpdated.Length == 0 ? "" : $"\"meta\":{{\"lastUpdated\":\"{lastUpdated}\"}},";
}
