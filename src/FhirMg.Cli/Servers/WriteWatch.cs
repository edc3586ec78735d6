using FhirMg.Fhir.Servers;

namespace FhirMg.Cli.Servers;

/// <summary>Stands before the network: sees how is written and, unless it was asked for, lets nothing be written.</summary>
internal sealed class WriteWatch(Uri root, bool mayWrite) : DelegatingHandler
{
    private static readonly AsyncLocal<Seen?> Watching = new();

    /// <summary>What the calling flow of work writes from here on.</summary>
    public static Seen Begin() => Watching.Value = new();

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsReading(request))
        {
            return base.SendAsync(request, cancellationToken);
        }

        var isTransaction = request.RequestUri!.AbsolutePath.TrimEnd('/') == root.AbsolutePath.TrimEnd('/');
        if (Watching.Value is { } seen)
        {
            seen.Manner = isTransaction ? WriteManner.Transaction : WriteManner.Singly;
        }

        return mayWrite ? base.SendAsync(request, cancellationToken)
            : throw new FhirServerException(root.Authority, ServerFault.Refused, "nothing is written without --write");
    }

    private static bool IsReading(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
        || (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/_search", StringComparison.Ordinal));

    /// <summary>How was, or would have been, written; the last way counts.</summary>
    internal sealed class Seen
    {
        public WriteManner? Manner { get; set; }
    }
}
