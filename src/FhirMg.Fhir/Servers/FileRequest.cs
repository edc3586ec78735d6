using System.Net.Http.Headers;
using FhirMg.Fhir.Tokens;

namespace FhirMg.Fhir.Servers;

/// <summary>A file to be fetched from where a server says that it is.</summary>
/// <param name="Url">Absolute.</param>
public sealed record FileRequest(Uri Url)
{
    /// <summary>Keeps the server's token from a request (Bulk Data: <c>requiresAccessToken</c> is false).</summary>
    internal static readonly HttpRequestOptionsKey<bool> Anonymous = new("FhirMg.Anonymous");

    /// <summary>Whether the token goes with it, where the file lies at the server itself; a storage elsewhere never gets it.</summary>
    public bool WithToken { get; init; } = true;

    /// <summary>Bytes, as packed, that are at hand already and need not be sent again.</summary>
    public long From { get; init; }

    /// <summary>The ETag, as sent, of what is at hand; null when it has none.</summary>
    public string? Validator { get; init; }

    internal HttpRequestMessage Message(Uri url, CallerToken? caller)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, url);
        message.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/fhir+ndjson"));
        message.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("*/*; q=0.5"));
        message.Headers.AcceptEncoding.Add(new("gzip"));
        message.Options.Set(Anonymous, !WithToken);
        if (WithToken && caller is not null)
        {
            message.Headers.Authorization = new("Bearer", caller.Value);
        }

        if (From > 0)
        {
            message.Headers.Range = new(From, null);
            if (Validator is not null && EntityTagHeaderValue.TryParse(Validator, out var tag) && !tag.IsWeak)
            {
                message.Headers.IfRange = new(tag);
            }
        }

        return message;
    }
}
