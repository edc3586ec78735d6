using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Pulling;

/// <summary>Whatever a vendor's server is like, its patient gets the report that the whole bundle gives.</summary>
public sealed class VendorTests
{
    public static TheoryData<string> Names => [.. Vendors.All.Select(vendor => vendor.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_vendors_server_gives_the_report_of_the_bundle(string name)
    {
        using var simulator = Simulator.Start(Vendors.All.Single(vendor => vendor.Name == name), Chart.LongResources());
        await using var pull = new Pull(simulator.BaseUrl);
        var expected = Pull.ReportOfBundle(Chart.Bundle, Chart.Patient);
        var actual = await pull.ReportAsync(Chart.Patient);

        // What a vendor does not offer is said, and rules that rest on it are not checked; all else is the same.
        Assert.Equal(name is "Oracle" or "Epic" ? ["medicines"] : [], actual["notRead"]?.AsArray().Select(kind => (string)kind!) ?? []);
        if (actual.ContainsKey("notRead"))
        {
            Assert.NotEmpty(actual["notChecked"]!.AsArray());
            foreach (var key in new[] { "notRead", "notChecked", "unresolvedMedicines", "context", "proposals", "safety" })
            {
                expected.Remove(key);
                actual.Remove(key);
            }
        }

        Assert.True(JsonNode.DeepEquals(expected, actual), $"{name}:\n{expected}\n{actual}");
    }
}
