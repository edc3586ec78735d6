using System.Diagnostics;

namespace FhirMg.Service.Observability;

/// <summary>Counts the calls to one FHIR server, each try by itself.</summary>
internal sealed class ServerCallMeter(Telemetry telemetry, string server) : DelegatingHandler
{
    private const int NoAnswer = 0;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (began, status) = (Stopwatch.GetTimestamp(), NoAnswer);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            telemetry.CountServerCall(server, status, Stopwatch.GetElapsedTime(began));
        }
    }
}
