using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Writing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>Between our reading and our writing a person decides: the person's decision stands.</summary>
public sealed class PersonFasterTests
{
    [Theory]
    [InlineData("active", true)]
    [InlineData("active", false)]
    [InlineData("cancelled", true)]
    [InlineData("cancelled", false)]
    public async Task A_decision_made_while_we_write_is_not_overwritten(string status, bool transactions)
    {
        using var server = Simulator.Start(Vendors.Hapi with { Transactions = transactions, VersionConflict = transactions ? 409 : 412 }, []);
        await using var writer = new Writer(server.BaseUrl);
        await writer.WriteAsync(Case.Mild);
        var decided = server.Resources.First(resource => resource.Text("resourceType") == "MedicationRequest" && resource.ToJsonString().Contains("\"RX-1\"", StringComparison.Ordinal)).DeepClone().AsObject();
        decided["status"] = status;
        server.Inject(new Fault("a person is faster", async (_, rest, stopped) =>
        {
            using var person = new HttpClient();
            using var content = new StringContent(decided.ToJsonString(), Encoding.UTF8, "application/fhir+json");
            using var response = await person.PutAsync(new Uri($"{server.BaseUrl}/MedicationRequest/{decided.Text("id")}"), content, stopped);
            response.EnsureSuccessStatusCode();
            return await rest();
        }).When(request => request.Method == "PUT" || (request.Method == "POST" && request.Path.Length == 0)).Once());

        var result = await writer.WriteAsync(Case.Mild.WithAnxiety());

        Assert.True(result.IsComplete, string.Join('\n', result.Steps));
        var now = server.Resources.Single(resource => resource.Text("id") == decided.Text("id"));
        Assert.Equal((status, "2"), (now.Text("status"), now["meta"].Text("versionId")));
        Assert.Null(now["statusReason"]);

        // Accepted, nothing of the choice stays open; rejected, the new conclusion is proposed all the same.
        var open = Snapshot.Standing(server.Resources).Count(ours => ours.Type == "MedicationRequest" && ours.Standing == Standing.Ours);
        Assert.Equal(status == "active" ? 0 : 6, open);
        var before = Snapshot.Exact(server.Resources);
        await writer.WriteAsync(Case.Mild.WithAnxiety());
        Assert.Equal(before, Snapshot.Exact(server.Resources));
    }
}
