using System.Diagnostics;
using System.Text.Json;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Benchmarks;

/// <summary>Reading and extraction against a bare scan of the same bytes for tokens, which nothing that looks at every token can beat.</summary>
internal static class ReadingBenchmark
{
    private const double Target = 0.5;
    private static readonly DateTimeOffset AsOf = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<Row> Run(BenchmarkOptions options)
    {
        foreach (var input in Inputs.To(options))
        {
            var (scan, read, quotient) = Stopper.Compare(() => ScanAll(input), () => ReadAll(input));
            var megabytes = input.Bytes / 1e6;
            yield return Row.Of(
                $"reading: {input.Name}, {megabytes:0.00} MB", $"{quotient:0.00} of a scan ({megabytes / read:0} of {megabytes / scan:0} MB/s)", $"≥ {Target:0.0}", quotient >= Target);
        }
    }

    /// <summary>The cursor alone, reading every token or passing over the whole, against the framework's reader.</summary>
    public static IEnumerable<Row> Tokens()
    {
        foreach (var (what, target, work) in (IEnumerable<(string, double, Action)>)[("every token", 1.2, () => WalkAll(Inputs.Relevant)), ("passed over", 1.5, () => PassAll(Inputs.Relevant))])
        {
            var (scan, walk, quotient) = Stopper.Compare(() => ScanAll(Inputs.Relevant), work);
            var megabytes = Inputs.Relevant.Bytes / 1e6;
            yield return Row.Of($"tokens by JsonCursor, {what}: {Inputs.Relevant.Name}", $"{quotient:0.00} of Utf8JsonReader ({megabytes / walk:0} of {megabytes / scan:0} MB/s)", $"≥ {target:0.0}", quotient >= target);
        }
    }

    /// <summary>Reads again and again, for a profiler.</summary>
    public static void Repeat(BenchmarkOptions options, TimeSpan time)
    {
        Input[] inputs = [.. Inputs.To(options)];
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time;)
        {
            Array.ForEach(inputs, ReadAll);
        }
    }

    /// <summary>The features of every patient of a document.</summary>
    public static IEnumerable<CaseFeatures> Read(byte[] document)
    {
        var reader = new InputReader(Knowledge.BuiltIn);
        reader.Read(document, "benchmark.json");
        foreach (var patient in reader.Documents().SelectMany(read => read.Patients))
        {
            yield return Extractor.Extract(patient, Knowledge.BuiltIn, AsOf);
        }
    }

    private static void ReadAll(Input input)
    {
        foreach (var document in input.Documents)
        {
            foreach (var features in Read(document))
            {
                GC.KeepAlive(features);
            }
        }
    }

    private static void WalkAll(Input input)
    {
        foreach (var document in input.Documents)
        {
            var index = JsonIndex.Of(document);
            var cursor = new JsonCursor(document, index);
            while (cursor.Read())
            {
            }

            index.Return();
        }
    }

    private static void PassAll(Input input)
    {
        foreach (var document in input.Documents)
        {
            var index = JsonIndex.Of(document);
            var cursor = new JsonCursor(document, index);
            cursor.Read();
            cursor.Skip();
            index.Return();
        }
    }

    private static void ScanAll(Input input)
    {
        foreach (var document in input.Documents)
        {
            var reader = new Utf8JsonReader(document);
            while (reader.Read())
            {
            }
        }
    }
}
