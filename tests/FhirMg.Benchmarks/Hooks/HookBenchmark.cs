using System.Globalization;
using System.Text;

namespace FhirMg.Benchmarks.Hooks;

/// <summary>
/// <c>patient-view</c> with full prefetch, in turn with a bare endpoint. <c>--hooks [--runs N] [--seconds N] [--warm-up N] [--calls N] [--chart NAME] [--service PATH] [--long]</c>
/// </summary>
internal static class HookBenchmark
{
    private const string Path = "/cds-services/magnesium-migraine-patient-view";
    private const string PublicUrl = "https://fhirmg.example.org";
    private const string Audience = $"{PublicUrl}{Path}";
    private const double LeastShare = 0.30;
    private const double LeastSignedShare = 0.60;
    private const double MostP99 = 5;

    // What a web project has by default, and this program has not.
    private static readonly Dictionary<string, string> AsWeb = new(StringComparer.Ordinal) { ["DOTNET_gcServer"] = "1", ["DOTNET_gcConcurrent"] = "1", ["DOTNET_TieredPGO"] = "1" };

    public static async Task<int> RunAsync(string[] args)
    {
        var options = HookOptions.Parse(args);
        var folder = Directory.CreateTempSubdirectory("fhirmg-hooks-").FullName;
        using var tokens = new SignedTokens();
        var keys = System.IO.Path.Combine(folder, "jwks.json");
        await File.WriteAllTextAsync(keys, tokens.Jwks());
        var body = HookBody.Of(options.Chart);
        try
        {
            await using var bare = await ServedProcess.StartAsync("bare endpoint", Path,
                port => [typeof(HookBenchmark).Assembly.Location, "--bare-endpoint", port.ToString(CultureInfo.InvariantCulture), keys, Audience], AsWeb);
            await using var service = await ServedProcess.StartAsync("service", Path,
                port => [options.Service, "--urls", $"http://127.0.0.1:{port}"], Settings(folder, keys));
            await Console.Error.WriteLineAsync($"body {body.Length} bytes, answer {await AnswerAsync(service, body)} bytes");
            var run = new Comparison(service, bare, body, tokens, Audience);
            var rows = options.IsLong ? [await run.MemoryAsync(options)] : await CompareAsync(run, WrkRun.Script(folder, body), options);
            Console.WriteLine("| what | figure | target | verdict |");
            Console.WriteLine("| --- | ---: | ---: | --- |");
            rows.ForEach(row => Console.WriteLine($"| {row.What} | {row.Figure} | {row.Target} | {row.Verdict} |"));
            return rows.TrueForAll(row => row.Verdict != Row.Missed) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<Row>> CompareAsync(Comparison run, string script, HookOptions options)
    {
        var open = await run.UnsignedAsync(script, options);
        var signed = await run.SignedAsync(options);
        var half = signed.Service.PerSecond / 2;
        var paced = await run.PacedAsync(half, options);
        return
        [
            Row.Of("patient-view without token", Compared(open), $"≥ {LeastShare:0.00} of the bare endpoint", open.Share >= LeastShare),
            Row.Of("patient-view, a fresh ES384 token a call", Compared(signed), $"≥ {LeastSignedShare:0.00} of the bare endpoint that verifies it too", signed.Share >= LeastSignedShare),
            Row.Of($"99th percentile at {half:N0}/s, tokens", $"{paced.Service.P99:0.0} ms to {paced.Bare.P99:0.0} ms", $"≤ {MostP99:0} times the bare endpoint's", paced.Service.P99 <= MostP99 * paced.Bare.P99),
        ];
    }

    private static string Compared(Pair pair) => string.Create(CultureInfo.InvariantCulture,
        $"{pair.Share:0.00} ({pair.Service.PerSecond:N0} of {pair.Bare.PerSecond:N0}/s; processor time {pair.Service.ProcessorMicroseconds:N0} to {pair.Bare.ProcessorMicroseconds:N0} µs a call)");

    // As in production, but for the environment's name: without it no call is let in that has no token.
    private static Dictionary<string, string> Settings(string folder, string keys) => new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Staging",
        ["Logging__LogLevel__Default"] = "Warning",
        ["FhirMg__PublicUrl"] = PublicUrl,
        ["FhirMg__Store__ConnectionString"] = $"Data Source={System.IO.Path.Combine(folder, "store.db")}",
        ["FhirMg__Limits__RequestsPerSecond"] = "1000000",
        ["FhirMg__Servers__0__Name"] = "hospital",
        ["FhirMg__Servers__0__BaseUrl"] = "http://127.0.0.1:9/fhir",
        ["FhirMg__Servers__0__AllowUnauthenticatedCds"] = "true",
        ["FhirMg__Servers__0__CdsClients__0__Issuer"] = SignedTokens.Issuer,
        ["FhirMg__Servers__0__CdsClients__0__JwksPath"] = keys,
    };

    private static async Task<int> AnswerAsync(ServedProcess server, byte[] body)
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var response = await http.PostAsync(new Uri($"http://127.0.0.1:{server.Port}{Path}"), content);
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode && answer.Contains("\"summary\"", StringComparison.Ordinal)
            ? Encoding.UTF8.GetByteCount(answer)
            : throw new InvalidOperationException($"the service shows no card: {answer}");
    }
}
