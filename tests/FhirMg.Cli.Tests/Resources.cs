namespace FhirMg.Cli.Tests;

/// <summary>Small FHIR resources, one line each.</summary>
internal static class Resources
{
    public static string Patient(string id, string birthDate = "1984-03-05") => $$"""{"resourceType":"Patient","id":"{{id}}","birthDate":"{{birthDate}}"}""";

    public static string Serum(string id, string patient, string value, string date = "2026-11-02") =>
        $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2601-3"}]},"subject":{"reference":"Patient/{{{patient}}}"},"effectiveDateTime":"{{{date}}}","valueQuantity":{"value":{{{value}}},"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}}""";

    public static string Bundle(params string[] resources) =>
        $$"""{"resourceType":"Bundle","type":"collection","entry":[{{string.Join(',', resources.Select(resource => $$"""{"resource":{{resource}}}"""))}}]}""";
}
