using System.Globalization;
using System.Security.Authentication;
using FhirMg.Fhir.Http;
using FhirMg.Fhir.Servers;

namespace FhirMg.Fhir.Tokens;

/// <summary>Words what went wrong on the way to a token: where, what, and what to do.</summary>
internal static class TokenFault
{
    public static TokenException Refused(
        Uri url, HttpResponseMessage response, string body, FhirServerOptions options, DateTimeOffset now, TimeSpan longestWait)
    {
        var status = (int)response.StatusCode;
        var (error, text) = Said.Read(body, options);
        var wait = RetryAfter.Of(response, now);
        var isTransient = status is 408 or 425 or 429 or >= 500;
        var told = string.Join(": ", new[] { error, text }.Where(part => !string.IsNullOrEmpty(part)));
        return new($"{Url.Shown(url)} answered {status.ToString(CultureInfo.InvariantCulture)}{(told.Length > 0 ? $" ({told})" : "")}: {Advice(status, error)}")
        {
            Status = status,
            Error = error,
            Host = url.Host,
            IsTransient = isTransient,
            RetryAfter = wait > longestWait ? longestWait : wait,
        };
    }

    public static TokenException NotJson(Uri url, int status) =>
        new($"{Url.Shown(url)} answered {status.ToString(CultureInfo.InvariantCulture)} without a JSON object: check that BaseUrl is the FHIR base, and not a page or a proxy's login")
        {
            Status = status,
            Host = url.Host,
        };

    public static TokenException Unreachable(Uri url, Exception cause)
    {
        var isCertificate = cause.InnerException is AuthenticationException
            || cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };
        var advice = isCertificate ? "check its certificate, or name its authority in CaPath" : "check address, network and proxy";
        return new($"{Url.Shown(url)} could not be reached, or broke off: {advice}", cause) { Host = url.Host, IsTransient = !isCertificate };
    }

    public static TokenException TooSlow(Uri url, Exception cause) =>
        new($"{Url.Shown(url)} did not answer in time: try again later", cause) { Host = url.Host, IsTransient = true };

    /// <summary>The deadline of the whole went by.</summary>
    public static TokenException Late(FhirServerOptions options, TokenException? last, Exception cause) =>
        new($"no access token within {options.Deadline}{(last is null ? "" : $"; before that, {last.Message}")}; allow more time by Deadline if this lasts", cause)
        {
            Status = last?.Status,
            Error = last?.Error,
            IsTransient = true,
        };

    private static string Advice(int status, string? error) => (error, status) switch
    {
        ("invalid_scope", _) => "ask for scopes that the client is registered for (Scopes)",
        ("unauthorized_client" or "unsupported_grant_type", _) => "have the client registered for the grant client_credentials",
        ("invalid_client", _) or (_, 401) => "check ClientId, and that the server has the client's public key (or this ClientSecret), and both clocks",
        (_, 429 or >= 500) => "try again later",
        (_, >= 300 and < 400) => "it redirects, which is not followed with credentials: configure the address it redirects to",
        (_, 404 or 410) => "check BaseUrl",
        _ => "show this to those who run the server",
    };
}
