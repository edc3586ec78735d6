using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FhirMg.Benchmarks.Screening;

/// <summary>
/// Millions of patients of whom every resource bears on a rule, screened once with little memory, so that facts go to disk, and once with plenty: the results must be the
/// same to the byte. <c>--spill --cli PATH [--patients N] [--max-memory BYTES] [--work DIR]</c>
/// </summary>
internal static class SpillBenchmark
{
    private const long Plenty = 16_000_000_000;
    private static readonly string[] Results = ["reports.ndjson", "proposals.ndjson", "set-aside.csv", "worklist.csv"];

    public static async Task<int> RunAsync(string[] args)
    {
        if (Text(args, "--cli") is not { } cli)
        {
            await Console.Error.WriteLineAsync("usage: --spill --cli PATH [--patients N] [--max-memory BYTES] [--work DIR]");
            return 2;
        }

        var patients = Number(args, "--patients", 10_000_000);
        var memory = Number(args, "--max-memory", 1_000_000_000);
        var work = Directory.CreateDirectory(Text(args, "--work") ?? Path.Combine(Path.GetTempPath(), "fhirmg-spill-benchmark")).FullName;
        var path = Path.Combine(work, string.Create(CultureInfo.InvariantCulture, $"{patients}-patients.ndjson"));
        Write(path, patients);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{path}: {new FileInfo(path).Length / 1e6:N0} MB"));
        var little = await ScreenAsync(cli, path, work, memory);
        var plenty = await ScreenAsync(cli, path, work, Plenty);
        var isSame = little.Digest == plenty.Digest;
        Console.WriteLine("| what | figure | target | verdict |");
        Console.WriteLine("| --- | ---: | ---: | --- |");
        foreach (var row in (Row[])[
            Row.Of(string.Create(CultureInfo.InvariantCulture, $"{patients:N0} patients, {memory / 1e6:N0} MB: peak memory"), Megabytes(little.Peak), $"≤ {Megabytes(memory)}", little.Peak <= memory),
            Row.Of("the same with plenty of memory: peak, to tell that the first went to disk", Megabytes(plenty.Peak), $"> {Megabytes(little.Peak)}", plenty.Peak > little.Peak),
            Row.Of("results of both, SHA-256", isSame ? "the same" : "differ", "the same", isSame),
            new(string.Create(CultureInfo.InvariantCulture, $"seconds: little, plenty"), string.Create(CultureInfo.InvariantCulture, $"{little.Seconds:0}, {plenty.Seconds:0}"), "–", "–")])
        {
            Console.WriteLine($"| {row.What} | {row.Figure} | {row.Target} | {row.Verdict} |");
        }

        return isSame && little.Peak <= memory && plenty.Peak > little.Peak ? 0 : 1;
    }

    // Patients first, then what is said of them, so that the facts of one patient lie far from each other.
    private static void Write(string path, long patients)
    {
        using var file = new StreamWriter(path, new UTF8Encoding(false), new FileStreamOptions { Access = FileAccess.Write, Mode = FileMode.Create, BufferSize = 1 << 20 });
        for (var patient = 0L; patient < patients; patient++)
        {
            file.Write(string.Create(CultureInfo.InvariantCulture,
                $"{{\"resourceType\":\"Patient\",\"id\":\"p{patient}\",\"gender\":\"{(patient % 2 == 0 ? "female" : "male")}\",\"birthDate\":\"{1930 + (patient % 85)}-0{1 + (patient % 9)}-1{patient % 10}\"}}\n"));
        }

        for (var patient = 0L; patient < patients; patient++)
        {
            file.Write(string.Create(CultureInfo.InvariantCulture,
                $"{{\"resourceType\":\"Observation\",\"id\":\"m{patient}\",\"status\":\"final\",\"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"2601-3\"}}]}},\"subject\":{{\"reference\":\"Patient/p{patient}\"}},\"effectiveDateTime\":\"2026-01-{1 + (patient % 14):00}T08:00:00Z\",\"valueQuantity\":{{\"value\":0.{(patient % 12 == 5 ? 55 + (patient % 11) : 76 + (patient % 23))},\"system\":\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}}}}\n"));
            if (patient % 7 == 0)
            {
                file.Write(string.Create(CultureInfo.InvariantCulture,
                    $"{{\"resourceType\":\"Condition\",\"id\":\"c{patient}\",\"clinicalStatus\":{{\"coding\":[{{\"code\":\"active\"}}]}},\"code\":{{\"coding\":[{{\"system\":\"http://hl7.org/fhir/sid/icd-10\",\"code\":\"G43.{patient % 2}\"}}]}},\"subject\":{{\"reference\":\"Patient/p{patient}\"}}}}\n"));
            }
        }
    }

    private static async Task<(long Peak, double Seconds, string Digest)> ScreenAsync(string cli, string path, string work, long memory)
    {
        var (peak, seconds) = await CliRun.RunAsync(cli, path, Path.Combine(work, "out"), "--max-memory", string.Create(CultureInfo.InvariantCulture, $"{memory >> 20}m"));
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var result in Results)
        {
            var file = Path.Combine(work, "out", result);
            await using (var stream = File.OpenRead(file))
            {
                digest.AppendData(await SHA256.HashDataAsync(stream));
            }

            File.Delete(file);
        }

        return (peak, seconds, Convert.ToHexString(digest.GetHashAndReset()));
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB");

    private static string? Text(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static long Number(string[] args, string name, long otherwise) => Text(args, name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
