using System.Text;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening.Tests.Engine;

/// <summary>A directory with inputs and results, gone after the test.</summary>
internal sealed class Workplace : IDisposable
{
    public static readonly DateTimeOffset AsOf = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("fhirmg-screening-");

    public string In => Directory.CreateDirectory(Path.Combine(_root.FullName, "in")).FullName;

    public string Out => Path.Combine(_root.FullName, "out");

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(In, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Spreads lines over files, each to one by chance.</summary>
    public void Spread(IReadOnlyList<string> lines, int files, int seed)
    {
        Directory.Delete(In, recursive: true);
        var random = new Random(seed);
        var shuffled = lines.ToArray();
        random.Shuffle(shuffled);
        StreamWriter[] writers = [.. Enumerable.Range(0, files).Select(i => File.CreateText(Path.Combine(In, $"part-{i:000}.ndjson")))];
        foreach (var line in shuffled)
        {
            var writer = writers[random.Next(files)];
            writer.Write(line);
            writer.Write('\n');
        }

        Array.ForEach(writers, writer => writer.Dispose());
    }

    public ScreeningOptions Options(int threads = 2) => new()
    {
        Inputs = [In],
        OutDirectory = Out,
        AsOf = AsOf,
        Knowledge = Knowledge.BuiltIn,
        Threads = threads,
    };

    public Task<ScreeningOutcome> Screen(ScreeningOptions? options = null, params IReadOnlyList<IResultSink> sinks) =>
        PopulationScreening.RunAsync(options ?? Options(), _ => sinks, null, TestContext.Current.CancellationToken);

    public byte[] Result(string name) => File.ReadAllBytes(Path.Combine(Out, name));

    public string[] Lines(string name) => File.ReadAllLines(Path.Combine(Out, name));

    public void Dispose() => _root.Delete(recursive: true);
}
