using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Screening.Tests;

/// <summary>Patients evaluated one by one, for sinks.</summary>
internal static class Screened
{
    public static readonly DateTimeOffset AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    public static ScreeningOutcome Outcome { get; } = new()
    {
        Files = 1, Bytes = 1, Resources = 1, Relevant = 1, Patients = 1, Replaced = 0, WithoutSubject = 0, SetAside = 0, Faults = [], FaultCount = 0,
    };

    /// <summary>The patients of every sample, in the order of the samples' names.</summary>
    public static IEnumerable<(string Sample, ScreenedPatient Patient)> Samples() => Directory.GetDirectories(Repository.Path("fhir-samples"))
        .Order(StringComparer.Ordinal).Where(folder => File.Exists(Path.Combine(folder, "bundle.json")))
        .SelectMany(folder => Of(File.ReadAllBytes(Path.Combine(folder, "bundle.json"))).Select(patient => (Path.GetFileName(folder), patient)));

    public static IEnumerable<ScreenedPatient> Of(byte[] input)
    {
        var reader = new InputReader(Knowledge.BuiltIn);
        reader.Read(input, "test.json");
        return [.. reader.Documents().SelectMany(document => document.Patients).Select(record => new ScreenedPatient(Evaluator.Evaluate(Extractor.Extract(record, Knowledge.BuiltIn, AsOf), Knowledge.BuiltIn)))];
    }

    /// <summary>Hands patients to a sink and brings it to its end.</summary>
    /// <returns>The results by name.</returns>
    public static Dictionary<string, byte[]> Run(Func<Func<string, Stream>, IResultSink> make, IEnumerable<ScreenedPatient> patients)
    {
        var files = new Dictionary<string, MemoryStream>();
        using (var sink = make(name => files[name] = new()))
        {
            foreach (var patient in patients)
            {
                sink.Add(patient);
            }

            sink.Complete(Outcome);
        }

        return files.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }
}
