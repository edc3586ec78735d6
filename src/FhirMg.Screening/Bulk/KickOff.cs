using System.Net;
using FhirMg.Fhir.Servers;

namespace FhirMg.Screening.Bulk;

/// <summary>A job that the server has begun.</summary>
/// <param name="Status">Where its status is asked.</param>
/// <param name="Query">What the server took of what was asked.</param>
internal sealed record BegunJob(Uri Status, ExportQuery Query);

/// <summary>Asks a server to begin an export (Bulk Data 2.0, "Kick-off Request"), with less when it refuses what is asked.</summary>
internal sealed class KickOff(ExportOptions options)
{
    // After a lost answer nobody knows whether a job has begun: asked again, but not often.
    private const int MostLostAnswers = 3;
    private static readonly HttpRequestOptionsKey<bool> Repeatable = FhirServer.Repeatable;
    private readonly FhirServer _server = options.Server;

    /// <summary>Begins a job; null when the server offers no export of these patients, and then <paramref name="refusals"/> says why.</summary>
    /// <exception cref="FhirServerException">It refuses us, or failed for too long.</exception>
    public async Task<BegunJob?> BeginAsync(ExportQuery query, ICollection<string> refusals, IProgress<ExportProgress>? progress, CancellationToken cancellation)
    {
        string[] operations = options.Group is { } group ? [$"Group/{Uri.EscapeDataString(group)}/$export"] : ["Patient/$export", "$export"];
        foreach (var operation in operations)
        {
            for (ExportQuery? asked = query; asked is not null; asked = asked.Simpler())
            {
                var response = await SendAsync(asked.Url(operation), progress, cancellation).ConfigureAwait(false);
                if (response.Status == HttpStatusCode.Accepted || response.IsSuccess)
                {
                    return new(StatusUrl(response), asked);
                }

                if (response.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                {
                    throw Refusal(operation, response, "check client, scopes and token");
                }

                refusals.Add($"{operation}: {(int)response.Status} ({response.Said()})");
                if (!IsAboutParameters(response.Status))
                {
                    break;
                }
            }
        }

        return null;
    }

    private async Task<FhirResponse> SendAsync(string url, IProgress<ExportProgress>? progress, CancellationToken cancellation)
    {
        var patience = new Patience(options);
        for (var lost = 0; ;)
        {
            TimeSpan? asked = null;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, _server.Resolve(url));
                request.Headers.Add("Prefer", "respond-async");
                request.Options.Set(Repeatable, false);
                var response = await _server.SendAsync(request, cancellation).ConfigureAwait(false);
                if (!response.IsTransient)
                {
                    return response;
                }

                asked = response.RetryAfter(options.Time.GetUtcNow(), options.LongestWait);
                progress?.Report(new(ExportPhase.Starting, Said: $"the server answers {(int)response.Status}, and is asked again"));
                lost += (int)response.Status >= 500 && response.Status != HttpStatusCode.ServiceUnavailable ? 1 : 0;
                if (lost >= MostLostAnswers || !await patience.WaitAfterFailureAsync(asked, cancellation).ConfigureAwait(false))
                {
                    throw Refusal(url.Split('?')[0], response, "the server fails, or other exports keep it busy: try again later");
                }
            }
            catch (FhirServerException e) when (e is { Fault: ServerFault.Unavailable, Status: null } && ++lost < MostLostAnswers)
            {
                if (!await patience.WaitAfterFailureAsync(asked, cancellation).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }
    }

    private Uri StatusUrl(FhirResponse response)
    {
        var location = response.Header("Content-Location") ?? response.Location?.OriginalString;
        return location is not null && Uri.TryCreate(_server.Options.BaseUrl, location, out var url)
            ? RequireOwn(url)
            : throw new FhirServerException(_server.Options.Name, ServerFault.Unreadable, $"it took the export ({(int)response.Status}) without saying where its status is (Content-Location): tell the server's operator");
    }

    private Uri RequireOwn(Uri url) => _server.Options.Owns(url) ? url : throw new FhirServerException(_server.Options.Name, ServerFault.Refused,
        $"it keeps the status of exports at {url.GetLeftPart(UriPartial.Path)[..(url.GetLeftPart(UriPartial.Path).LastIndexOf('/') + 1)]}, outside of its base {_server.Options.BaseUrl}, and a token never leaves that: "
        + "if that place is the server's own, name it as the export base (--export-base, or ExportBase in the configuration)");

    // A refusal of the whole operation is none of its parameters; everything else may be.
    private static bool IsAboutParameters(HttpStatusCode status) =>
        status is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented or HttpStatusCode.Gone);

    private FhirServerException Refusal(string what, FhirResponse response, string advice) =>
        new(_server.Options.Name, response.IsTransient ? ServerFault.Unavailable : ServerFault.Refused, $"{what} answers {(int)response.Status} ({response.Said()}): {advice}") { Status = (int)response.Status };
}
