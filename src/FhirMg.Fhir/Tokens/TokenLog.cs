using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tokens;

/// <summary>What is logged about tokens: never a token, key, secret, assertion or answer.</summary>
internal static partial class TokenLog
{
    [LoggerMessage(2101, LogLevel.Information, "{Server}: access token from {Host} with {Scopes} scopes for {Lifetime}")]
    public static partial void Obtained(this ILogger logger, string server, string host, int scopes, TimeSpan lifetime);

    [LoggerMessage(2102, LogLevel.Warning, "{Server}: attempt {Attempt} at {Host} failed with status {Status}; trying again in {Delay}")]
    public static partial void Retrying(this ILogger logger, string server, int attempt, string? host, int? status, TimeSpan delay);

    [LoggerMessage(2103, LogLevel.Information, "{Server}: {Host} gives nothing for scopes v2; asking for v1")]
    public static partial void AskingV1(this ILogger logger, string server, string host);

    [LoggerMessage(2104, LogLevel.Warning, "{Server}: {Host} does not take key {Kid}; trying the one before it")]
    public static partial void TryingOlderKey(this ILogger logger, string server, string host, string kid);

    [LoggerMessage(2105, LogLevel.Warning, "{Server}: the private key file cannot be used as it is now; keeping the keys read before")]
    public static partial void KeepingKeys(this ILogger logger, string server);

    [LoggerMessage(2106, LogLevel.Information, "{Server}: {Count} signing keys read, first {Kid}")]
    public static partial void KeysRead(this ILogger logger, string server, int count, string kid);

    [LoggerMessage(2107, LogLevel.Error, "{Server}: no access token (status {Status}, error {Error})")]
    public static partial void Failed(this ILogger logger, string server, int? status, string? error);

    [LoggerMessage(2108, LogLevel.Information, "{Server}: token endpoint found at {Host}")]
    public static partial void Discovered(this ILogger logger, string server, string host);
}
