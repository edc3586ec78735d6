namespace FhirMg.Benchmarks.Screening;

/// <summary>cql-execution (npm) evaluating the same rule per patient on data that are parsed already.</summary>
internal static class CqlYardstick
{
    public static IEnumerable<Row> Run(string path, double secondsPerPatient) => [];
}
