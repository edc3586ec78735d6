namespace FhirMg.Cli.Evaluating;

/// <summary>The forms that reports are given in.</summary>
internal static class EvaluateFormat
{
    public const string Table = "table";
    public const string Json = "json";

    public const string Fhir = "fhir";

    public static string[] All => [Table, Json, Fhir];
}
