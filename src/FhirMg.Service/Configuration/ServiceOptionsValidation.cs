using System.Text.RegularExpressions;
using FhirMg.Reasoning.Knowing;
using Microsoft.Extensions.Options;

namespace FhirMg.Service.Configuration;

/// <summary>Refuses a configuration that cannot be used; each message names the key and what to do.</summary>
internal sealed partial class ServiceOptionsValidation(IHostEnvironment environment) : IValidateOptions<ServiceOptions>
{
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ServiceOptions options)
    {
        var problems = Whole(options).Concat(options.Servers.SelectMany((server, i) => Server(server, $"FhirMg:Servers:{i}"))).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> Whole(ServiceOptions options)
    {
        if (options.Servers.Count == 0)
        {
            yield return "FhirMg:Servers: no FHIR server is configured; set FhirMg:Servers:0:Name and :BaseUrl (environment: FhirMg__Servers__0__BaseUrl)";
        }

        if (options.PublicUrl is null ? environment.IsProduction() : !IsWeb(options.PublicUrl))
        {
            yield return "FhirMg:PublicUrl: must be the http(s) url that others reach this service by";
        }
        else if (environment.IsProduction() && options.PublicUrl is { Scheme: "http", IsLoopback: false })
        {
            yield return "FhirMg:PublicUrl: must be https in Production: sessions of launched apps are bound to a cookie that anybody on the way could read";
        }

        foreach (var (origin, i) in options.FrameAncestors.Select((origin, i) => (origin, i)))
        {
            if (!Origin().IsMatch(origin))
            {
                yield return $"FhirMg:FrameAncestors:{i}: must be an origin, such as https://ehr.example, https://*.ehr.example or https://ehr.example:8443";
            }
        }

        if (options.PathBase is { } path && !path.StartsWith('/'))
        {
            yield return "FhirMg:PathBase: must begin with /";
        }

        if (options.Store.Provider is not ("sqlite" or "postgres"))
        {
            yield return $"FhirMg:Store:Provider: is '{options.Store.Provider}'; must be sqlite or postgres";
        }

        if (options.Store is { Provider: "postgres", ConnectionString: null })
        {
            yield return "FhirMg:Store:ConnectionString: is needed with postgres";
        }

        if (options.RetentionDays < 1)
        {
            yield return "FhirMg:RetentionDays: must be at least 1";
        }

        if (options.Limits.RequestBytes < 1 || options.Limits.RequestsPerSecond < 0 || options.Limits.Shutdown <= TimeSpan.Zero)
        {
            yield return "FhirMg:Limits: RequestBytes and Shutdown must be positive, RequestsPerSecond must not be negative";
        }

        if (options.Api is { Authority: not null, Audience: null })
        {
            yield return "FhirMg:Api:Audience: is needed with FhirMg:Api:Authority";
        }

        foreach (var (rule, i) in options.DisabledRules.Select((rule, i) => (rule, i)))
        {
            if (!RuleIds.TryParse(rule, out var id))
            {
                yield return $"FhirMg:DisabledRules:{i}: there is no rule '{rule}'";
            }
            else if (Switched(id) is { } problem)
            {
                yield return $"FhirMg:DisabledRules:{i}: {problem}";
            }
        }

        foreach (var twice in options.Servers.GroupBy(server => server.Name, StringComparer.Ordinal).Where(group => group.Key is not null && group.Count() > 1))
        {
            yield return $"FhirMg:Servers: two servers are named '{twice.Key}'; names must differ";
        }
    }

    private IEnumerable<string> Server(ServerSettings server, string key)
    {
        if (string.IsNullOrWhiteSpace(server.Name))
        {
            yield return $"{key}:Name: is needed";
        }

        if (server.BaseUrl is null || !IsWeb(server.BaseUrl))
        {
            yield return $"{key}:BaseUrl: must be the http(s) url of the FHIR R4 base";
        }

        if (server.ExportBase is { } export && (!IsWeb(export) || export.Query.Length > 0 || (export.Scheme == Uri.UriSchemeHttp && server.BaseUrl is { IsAbsoluteUri: true, Scheme: "https" })))
        {
            yield return $"{key}:ExportBase: must be an http(s) url without a query, and https where BaseUrl is";
        }

        if (server.Auth is not ("none" or "backend-services" or "smart-only"))
        {
            yield return $"{key}:Auth: is '{server.Auth}'; must be none, backend-services or smart-only";
        }

        if (server.WritePolicy is not ("write" or "suggest" or "report"))
        {
            yield return $"{key}:WritePolicy: is '{server.WritePolicy}'; must be write, suggest or report";
        }

        if (server.Language is not ("en" or "ru"))
        {
            yield return $"{key}:Language: is '{server.Language}'; must be en or ru";
        }

        if (server.Auth == "backend-services" && (server.ClientId is null || (server.PrivateKeyPath is null && server.ClientSecret is null)))
        {
            yield return $"{key}:ClientId: and PrivateKeyPath or ClientSecret are needed with Auth backend-services";
        }

        if (server.Deadline <= TimeSpan.Zero || server.MaxConcurrency < 1 || server.LookBackDays < 1)
        {
            yield return $"{key}: Deadline, MaxConcurrency and LookBackDays must be positive";
        }

        if (server.Deadline > LongestDeadline)
        {
            yield return $"{key}:Deadline: must be at most {LongestDeadline}; five seconds are written 00:00:05";
        }

        if (server.AllowUnauthenticatedCds && environment.IsProduction())
        {
            yield return $"{key}:AllowUnauthenticatedCds: is for testing only and refused in Production; configure CdsClients";
        }

        foreach (var (option, path) in new[] { ("PrivateKeyPath", server.PrivateKeyPath), ("CaPath", server.CaPath), ("ClientCertificatePath", server.ClientCertificatePath) })
        {
            if (path is not null && !File.Exists(path))
            {
                yield return $"{key}:{option}: there is no file '{path}'";
            }
        }

        foreach (var problem in server.CdsClients.SelectMany((client, i) => Client(client, $"{key}:CdsClients:{i}")).Concat(Codes(server, key)))
        {
            yield return problem;
        }
    }

    private IEnumerable<string> Client(CdsClientSettings client, string key)
    {
        if (string.IsNullOrWhiteSpace(client.Issuer))
        {
            yield return $"{key}:Issuer: is needed: the iss of the client's tokens";
        }

        if ((client.JwksUri is null) == (client.JwksPath is null))
        {
            yield return $"{key}: exactly one of JwksUri and JwksPath is needed";
        }

        if (client.JwksUri is { } keys && (!IsWeb(keys) || (environment.IsProduction() && keys is { Scheme: "http", IsLoopback: false })))
        {
            yield return $"{key}:JwksUri: must be an http(s) url, and https in Production: whoever is on the way could put keys of their own in place";
        }

        if (client.JwksPath is { } path && !File.Exists(path))
        {
            yield return $"{key}:JwksPath: there is no file '{path}'";
        }

        if (client.MaxLifetime <= TimeSpan.Zero || client.MaxLifetime > LongestLifetime)
        {
            yield return $"{key}:MaxLifetime: must be above zero and at most {LongestLifetime}";
        }
    }

    private static IEnumerable<string> Codes(ServerSettings server, string key)
    {
        foreach (var (set, codes) in server.AdditionalCodes)
        {
            foreach (var (code, i) in codes.Select((code, i) => (code, i)))
            {
                var problem = code.Split('|') is not [{ Length: > 0 } system, { Length: > 0 } local] ? "must be system|code"
                    : Add(set, system, local);
                if (problem is not null)
                {
                    yield return $"{key}:AdditionalCodes:{set}:{i}: {problem}";
                }
            }
        }
    }

    private static string? Add(string set, string system, string code)
    {
        try
        {
            _ = Knowledge.BuiltIn.WithCode(set, system, code);
            return null;
        }
        catch (KnowledgeException e)
        {
            return e.Message;
        }
    }

    private static string? Switched(Rule rule)
    {
        try
        {
            _ = Knowledge.BuiltIn.Without(RuleSet.Of(rule));
            return null;
        }
        catch (KnowledgeException e)
        {
            return e.Message;
        }
    }

    private static bool IsWeb(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    // What a policy's source may be, and nothing that would begin another directive.
    [GeneratedRegex(@"^https?://(\*\.)?([A-Za-z0-9\-]+\.)*[A-Za-z0-9\-]+(:(\d{1,5}|\*))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Origin();
}
