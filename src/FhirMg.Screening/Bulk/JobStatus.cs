using System.Net;
using FhirMg.Fhir.Servers;

namespace FhirMg.Screening.Bulk;

/// <summary>Asks for a job's status until its files are ready (Bulk Data 2.0, "Bulk Data Status Request"), and deletes it.</summary>
internal sealed class JobStatus(ExportOptions options)
{
    private const int LongestSaid = 100;
    private const int MostPages = 10_000;
    private const int MostUnreadable = 3;
    private static readonly TimeSpan DeleteWithin = TimeSpan.FromSeconds(10);
    private readonly FhirServer _server = options.Server;

    /// <summary>The manifest, once there is one.</summary>
    /// <exception cref="JobLostException">The server does not know the job.</exception>
    /// <exception cref="FhirServerException">The export failed, or the server did for too long.</exception>
    public async Task<ExportManifest> WaitAsync(Uri status, IProgress<ExportProgress>? progress, CancellationToken cancellation)
    {
        var manifest = await PageAsync(status, progress, cancellation).ConfigureAwait(false);
        var seen = new HashSet<Uri> { status };
        while (manifest.Next is { } next)
        {
            if (!_server.Options.Owns(next) || !seen.Add(next) || seen.Count > MostPages)
            {
                throw new FhirServerException(_server.Options.Name, ServerFault.Unreadable, "the pages of its manifest lead elsewhere, or in a circle: tell the server's operator");
            }

            manifest = manifest.With(await PageAsync(next, progress, cancellation).ConfigureAwait(false));
        }

        return manifest;
    }

    /// <summary>Tells the server that the job is no longer needed; one that is gone already is none the worse.</summary>
    /// <returns>What went wrong; null when it is deleted.</returns>
    public async Task<string?> DeleteAsync(Uri status)
    {
        using var patience = new CancellationTokenSource(DeleteWithin, options.Time);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, status);
            var response = await _server.SendAsync(request, patience.Token).ConfigureAwait(false);
            return response.IsSuccess || response.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone ? null
                : $"the export could not be deleted at the server: {(int)response.Status} ({response.Said()}); its files stay there until it removes them";
        }
        catch (Exception e) when (e is FhirServerException or OperationCanceledException)
        {
            return $"the export could not be deleted at the server ({(e is FhirServerException ? e.Message : "no answer in time")}); its files stay there until it removes them";
        }
    }

    private async Task<ExportManifest> PageAsync(Uri status, IProgress<ExportProgress>? progress, CancellationToken cancellation)
    {
        var patience = new Patience(options);
        for (var unreadable = 0; ;)
        {
            FhirServerException fault;
            TimeSpan? asked = null;
            try
            {
                var response = await _server.GetAsync(status.AbsoluteUri, cancellation).ConfigureAwait(false);
                asked = response.RetryAfter(options.Time.GetUtcNow(), options.LongestWait);
                if (response.Status == HttpStatusCode.Accepted)
                {
                    progress?.Report(new(ExportPhase.Preparing, Said: Short(response.Header("X-Progress"))));
                    await patience.WaitAsync(asked, cancellation).ConfigureAwait(false);
                    continue;
                }

                if (response.IsSuccess)
                {
                    if (ExportManifest.Read(response.Body, status, out var problem) is { } manifest)
                    {
                        return manifest;
                    }

                    fault = Fault(ServerFault.Unreadable, $"the manifest of the export cannot be used: {problem}", response);
                    unreadable++;
                }
                else if (response.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
                {
                    throw new JobLostException($"{(int)response.Status} ({response.Said()})");
                }
                else
                {
                    fault = Fault(response.IsTransient ? ServerFault.Unavailable : ServerFault.Refused, $"the export failed: {(int)response.Status} ({response.Said()})", response);

                    // 500 is how a job says that it failed, and how a server stumbles; the latter passes.
                    unreadable += response.Status == HttpStatusCode.InternalServerError ? 1 : 0;
                }
            }
            catch (FhirServerException e)
            {
                fault = e;
            }

            if (fault.Fault == ServerFault.Refused || unreadable >= MostUnreadable || !await patience.WaitAfterFailureAsync(asked, cancellation).ConfigureAwait(false))
            {
                throw fault;
            }

            progress?.Report(new(ExportPhase.Preparing, Said: "the server fails, and is asked again"));
        }
    }

    private FhirServerException Fault(ServerFault fault, string problem, FhirResponse response) => new(_server.Options.Name, fault, problem) { Status = (int)response.Status };

    private static string? Short(string? said)
    {
        var plain = said is null ? null : new string([.. said.Where(c => !char.IsControl(c))]);
        return plain?.Length > LongestSaid ? $"{plain[..LongestSaid]}…" : plain;
    }
}
