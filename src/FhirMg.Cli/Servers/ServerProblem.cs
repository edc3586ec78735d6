using FhirMg.Fhir.Servers;

namespace FhirMg.Cli.Servers;

/// <summary>Words what went wrong at a server: what, where, and what to do.</summary>
internal static class ServerProblem
{
    /// <summary>What an exception says, with its cause in the network where there is one.</summary>
    public static string Of(Exception exception) => Cause(exception) is { } cause ? $"{exception.Message}. {cause}" : exception.Message;

    /// <summary>What it says of a server that cannot be used at all.</summary>
    public static string OfServer(FhirServerException exception) => exception.Status switch
    {
        401 => $"{exception.Message}. It wants to know who we are: --client-id with --key or --client-secret-file, or --header \"Authorization: @FILE\"",
        403 => $"{exception.Message}. Check what the client is registered for, and --header where a gateway stands before the server",
        404 or 410 => $"{exception.Message}. Check that --server is the FHIR R4 base",
        _ => Of(exception),
    };

    private static string? Cause(Exception exception)
    {
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpRequestException request)
            {
                return request.HttpRequestError switch
                {
                    HttpRequestError.NameResolutionError => "There is no host of this name, or no name server answers",
                    HttpRequestError.SecureConnectionError => "Its certificate is not trusted, or TLS failed otherwise: --ca FILE names a private authority",
                    HttpRequestError.ConnectionError => "Nothing answers at this address and port",
                    HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse => "It does not speak HTTP here: try https in place of http",
                    _ => null,
                };
            }
        }

        return null;
    }
}
