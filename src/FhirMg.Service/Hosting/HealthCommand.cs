namespace FhirMg.Service.Hosting;

/// <summary><c>--health</c>: asks the service running beside this process whether it is ready. An image without a shell checks itself so.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks once.</summary>
    /// <returns>0 when it is ready, 1 when it is not or does not answer.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var ports = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS") ?? "8080";
        var text = args is [var given] ? given : $"http://127.0.0.1:{ports.Split(';')[0]}";
        if (args.Length > 1 || !Uri.TryCreate($"{text.TrimEnd('/')}/health/ready", UriKind.Absolute, out var url))
        {
            return CommandLine.Wrong("--health takes the url of the service, such as http://127.0.0.1:8080");
        }

        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(url);
            await Console.Out.WriteLineAsync(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {e.Message}");
            return 1;
        }
    }
}
