using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>A vendor's CapabilityStatement: what its profile can do.</summary>
internal static class Capability
{
    public static JsonObject StatementOf(VendorProfile vendor, Uri baseUrl, AuthServer? auth)
    {
        var rest = new JsonObject
        {
            ["mode"] = "server",
            ["resource"] = new JsonArray([.. vendor.Types.Select(t => Type(vendor, t.Key, t.Value))]),
        };
        if (vendor.Transactions)
        {
            rest["interaction"] = new JsonArray(new JsonObject { ["code"] = "transaction" });
        }

        if (auth is not null && auth.Discovery != SmartDiscovery.WellKnown)
        {
            rest["security"] = auth.SecurityElement();
        }

        return new JsonObject
        {
            ["resourceType"] = "CapabilityStatement",
            ["status"] = "active",
            ["date"] = "2026-01-01",
            ["kind"] = "instance",
            ["software"] = new JsonObject { ["name"] = $"{vendor.Name} (simulated)" },
            ["implementation"] = new JsonObject { ["description"] = $"{vendor.Name} (simulated)", ["url"] = baseUrl.AbsoluteUri.TrimEnd('/') },
            ["fhirVersion"] = "4.0.1",
            ["format"] = new JsonArray("application/fhir+json"),
            ["rest"] = new JsonArray(rest),
        };
    }

    private static JsonObject Type(VendorProfile vendor, string name, TypeSupport support)
    {
        string[] interactions = [.. vendor.EverythingOnly ? ["read"] : new[] { "read", "search-type" }, .. support.Write ? new[] { "create", "update" } : []];
        var type = new JsonObject
        {
            ["type"] = name,
            ["interaction"] = new JsonArray([.. interactions.Select(i => new JsonObject { ["code"] = i })]),
            ["versioning"] = "versioned",
            ["conditionalCreate"] = support.Write && support.Search.Contains("identifier"),
            ["searchParam"] = new JsonArray([.. support.Search.Select(s => new JsonObject { ["name"] = s, ["type"] = SearchParameters.TypeOf(s) })]),
        };
        string[] references = [.. support.Search.Where(p => SearchParameters.TypeOf(p) == "reference").Select(p => $"{name}:{p}")];
        if (vendor.Includes && references.Length > 0)
        {
            type["searchInclude"] = new JsonArray([.. references.Select(r => JsonValue.Create(r))]);
        }

        if (name == "Patient" && vendor.Everything)
        {
            type["operation"] = new JsonArray(new JsonObject { ["name"] = "everything", ["definition"] = "http://hl7.org/fhir/OperationDefinition/Patient-everything" });
        }

        return type;
    }
}
