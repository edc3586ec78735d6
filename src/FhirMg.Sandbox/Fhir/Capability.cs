using System.Globalization;
using System.Text.Json.Nodes;
using FhirMg.Sandbox.Faults;
using FhirMg.Sandbox.Searching;

namespace FhirMg.Sandbox.Fhir;

/// <summary>The CapabilityStatement: only what is served.</summary>
internal static class Capability
{
    private static readonly string[] Reading = ["read", "vread", "history-instance", "search-type"];
    private static readonly string[] Writing = ["create", "update", "delete"];

    public static JsonObject Statement(ServerAddress address, VendorProfile vendor, DateTimeOffset now) => new()
    {
        ["resourceType"] = "CapabilityStatement",
        ["status"] = "active",
        ["date"] = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["kind"] = "instance",
        ["software"] = new JsonObject { ["name"] = "FhirMg sandbox", ["version"] = typeof(Capability).Assembly.GetName().Version?.ToString(3) },
        ["implementation"] = new JsonObject { ["description"] = $"A simulated hospital, in memory (profile {vendor.Name})", ["url"] = address.FhirBase },
        ["fhirVersion"] = "4.0.1",
        ["format"] = new JsonArray("json", "application/fhir+json"),
        ["rest"] = new JsonArray(new JsonObject
        {
            ["mode"] = "server",
            ["security"] = Security(address),
            ["interaction"] = Interactions(vendor.Transactions ? ["transaction", "batch"] : ["batch"]),
            ["resource"] = new JsonArray([.. SearchParameters.Kept.Where(vendor.Keeps).Select(type => Resource(type, vendor))]),
        }),
    };

    private static JsonObject Security(ServerAddress address) => new()
    {
        ["cors"] = true,
        ["service"] = new JsonArray(new JsonObject
        {
            ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/restful-security-service", ["code"] = "SMART-on-FHIR" }),
        }),
        ["extension"] = new JsonArray(new JsonObject
        {
            ["url"] = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            ["extension"] = new JsonArray(
                Uri("authorize", address), Uri("token", address), Uri("introspect", address), Uri("revoke", address)),
        }),
    };

    private static JsonObject Uri(string name, ServerAddress address) => new() { ["url"] = name, ["valueUri"] = $"{address.Issuer}/{name}" };

    private static JsonObject Resource(string type, VendorProfile vendor)
    {
        var writes = vendor.Writes(type);
        var parameters = SearchParameters.Of(type).Values.Where(parameter => vendor.Searches(type, parameter.Name)).OrderBy(parameter => parameter.Name, StringComparer.Ordinal).ToList();
        var resource = new JsonObject
        {
            ["type"] = type,
            ["interaction"] = Interactions(writes ? [.. Reading, .. Writing] : Reading),
            ["versioning"] = "versioned",
            ["readHistory"] = true,
            ["updateCreate"] = writes,
            ["conditionalCreate"] = writes,
            ["conditionalUpdate"] = false,
            ["conditionalDelete"] = "not-supported",
            ["searchInclude"] = new JsonArray([.. parameters.Where(parameter => parameter.Kind == SearchKind.Reference).Select(parameter => $"{type}:{parameter.Name}")]),
            ["searchParam"] = new JsonArray([.. parameters.Select(parameter => new JsonObject { ["name"] = parameter.Name, ["type"] = parameter.FhirType })]),
        };
        if (type == "Patient")
        {
            resource["operation"] = new JsonArray(new JsonObject { ["name"] = "everything", ["definition"] = "http://hl7.org/fhir/OperationDefinition/Patient-everything" });
        }

        return resource;
    }

    private static JsonArray Interactions(IEnumerable<string> codes) => [.. codes.Select(code => new JsonObject { ["code"] = code })];
}
