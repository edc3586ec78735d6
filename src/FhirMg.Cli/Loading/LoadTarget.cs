using System.Text;
using FhirMg.Sandbox.Loading;

namespace FhirMg.Cli.Loading;

/// <summary>What became of loading.</summary>
/// <param name="Loaded">The number of resources that the server took.</param>
/// <param name="Refused">What it refused, and its status.</param>
internal sealed record LoadOutcome(int Loaded, IReadOnlyList<string> Refused);

/// <summary>The server that is loaded into.</summary>
internal sealed class LoadTarget(HttpClient http)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the server answers.</summary>
    public async Task<bool> ComesUpAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await AnswersAsync(cancellation))
            {
                return true;
            }

            if (TimeProvider.System.GetElapsedTime(began) >= patience)
            {
                return false;
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>Loads case by case. One that the server refuses as a whole is put resource by resource: some samples hold errors on purpose.</summary>
    public async Task<LoadOutcome> LoadAsync(IReadOnlyList<SampleTransaction> cases, CancellationToken cancellation)
    {
        var (loaded, refused) = (0, new List<string>());
        foreach (var one in cases.Where(one => one.Entries.Count > 0))
        {
            if (await SendAsync(HttpMethod.Post, "", one.Bundle(), cancellation) is null)
            {
                loaded += one.Entries.Count;
                continue;
            }

            foreach (var (url, resource) in one.Entries)
            {
                if (await SendAsync(HttpMethod.Put, url, resource, cancellation) is { } problem)
                {
                    refused.Add($"{one.Name}: {url} was refused: {problem}");
                }
                else
                {
                    loaded++;
                }
            }
        }

        return new(loaded, refused);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("metadata", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    // Null when it was taken.
    private async Task<string?> SendAsync(HttpMethod method, string url, string body, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, url) { Content = new StringContent(body, Encoding.UTF8, "application/fhir+json") };
            using var response = await http.SendAsync(request, cancellation);
            return response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return "no answer";
        }
    }
}
