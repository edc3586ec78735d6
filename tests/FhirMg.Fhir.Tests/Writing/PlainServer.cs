using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Capability;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>What a server would hold after plans are carried out, without one: for the table's tests.</summary>
internal sealed class PlainServer
{
    private readonly OursParser _parser = new(Knowledge.BuiltIn.CanonicalBase);
    private int _ids;

    public List<JsonObject> Resources { get; } = [];

    public ServerCapability Capability { get; init; } = Capabilities.All;

    public WritePolicy Policy { get; init; } = WritePolicy.Write;

    public DateTimeOffset Now { get; set; } = Case.AsOf;

    public IReadOnlyList<OursOnServer> Ours => [.. Resources.Select(_parser.Parse).OfType<OursOnServer>()
        .Select(one => one with { IsBasedOn = Resources.Exists(other => other.Items("basedOn").Any(reference => reference.Text("reference") == one.Reference)) })];

    public WritePlan Plan(Assessment assessment) => WriteBack.Plan(assessment, Ours, Capability, Policy, Language.English, Now);

    public WritePlan Plan(Case data) => Plan(data.Assess(Now));

    /// <summary>Plans and carries it out.</summary>
    public WritePlan Write(Case data)
    {
        var plan = Plan(data);
        var references = plan.Writes.Where(step => step.Action == WriteAction.Create).ToDictionary(step => step.FullUrl!, step => $"{step.Type}/{++_ids}");
        foreach (var step in plan.Writes)
        {
            if (step.Action != WriteAction.Create)
            {
                Replace(step.Changed(step.Held!, Knowledge.BuiltIn, Language.English)!);
                continue;
            }

            var text = references.Aggregate(step.Resource!.ToJsonString(), (json, pair) => json.Replace(pair.Key, pair.Value, StringComparison.Ordinal));
            Put(JsonNode.Parse(text)!.AsObject(), references[step.FullUrl!].Split('/')[1], "1");
        }

        return plan;
    }

    /// <summary>Somebody else changes a resource.</summary>
    public void Change(Func<JsonObject, bool> which, Action<JsonObject> change)
    {
        var resource = Resources.First(which).DeepClone().AsObject();
        change(resource);
        Replace(resource);
    }

    public void Put(JsonObject resource, string id, string version)
    {
        resource["id"] = id;
        resource["meta"] ??= new JsonObject();
        resource["meta"]!["versionId"] = version;
        resource["meta"]!["lastUpdated"] = Now.ToString("O");
        Resources.Add(resource);
    }

    private void Replace(JsonObject resource)
    {
        Resources.RemoveAll(other => other.Text("id") == resource.Text("id") && other.Text("resourceType") == resource.Text("resourceType"));
        Put(resource, resource.Text("id")!, (int.Parse(resource["meta"].Text("versionId")!) + 1).ToString());
    }
}

/// <summary>Capability statements.</summary>
internal static class Capabilities
{
    private static readonly string[] Types =
        ["RiskAssessment", "DetectedIssue", "MedicationRequest", "ServiceRequest", "Task", "CommunicationRequest", "RequestGroup", "Provenance"];

    public static ServerCapability All { get; } = Of(_ => ["create", "update", "read", "search-type"]);

    /// <summary>A server that can do with each type what is said.</summary>
    public static ServerCapability Of(Func<string, string[]> interactions)
    {
        var resources = Types.Where(type => interactions(type).Length > 0).Select(type => new JsonObject
        {
            ["type"] = type,
            ["interaction"] = new JsonArray([.. interactions(type).Select(code => new JsonObject { ["code"] = code })]),
            ["searchParam"] = new JsonArray([.. new[] { "patient", "identifier", "_tag" }.Select(name => new JsonObject { ["name"] = name })]),
            ["conditionalCreate"] = true,
        });
        var statement = new JsonObject
        {
            ["resourceType"] = "CapabilityStatement",
            ["fhirVersion"] = "4.0.1",
            ["rest"] = new JsonArray(new JsonObject { ["interaction"] = new JsonArray(new JsonObject { ["code"] = "transaction" }), ["resource"] = new JsonArray([.. resources]) }),
        };
        return ServerCapability.Read("test", new(System.Net.HttpStatusCode.OK, Encoding.UTF8.GetBytes(statement.ToJsonString()), null, null));
    }
}
