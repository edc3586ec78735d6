using FhirMg.Fhir.Tokens;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Launch;

/// <summary>The scopes that a launch asks for.</summary>
internal static class LaunchScopes
{
    /// <summary>The scopes: those that are configured, else what the rules and the write policy need, in the form that the server knows.</summary>
    /// <param name="tenant">The server.</param>
    /// <param name="server">What it says of itself; scopes that it names need not be all that it has.</param>
    /// <param name="isLaunched">Whether an EHR launches; else the person chooses the patient.</param>
    /// <param name="isV1">Asks the v1 way, whatever the server says.</param>
    /// <returns>The scopes, and whether the v1 way is left to be tried.</returns>
    public static (IReadOnlyList<string> Scopes, bool MayAskV1) Of(Tenant tenant, AuthorizationServer server, bool isLaunched, bool isV1)
    {
        string[] context = [isLaunched ? "launch" : "launch/patient"];
        var configured = (tenant.Options.Scopes ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(scope => !scope.StartsWith("system/", StringComparison.Ordinal) && scope is not ("launch" or "launch/patient")).ToList();

        // Those for the system are meant for our own client; the context is of the launch at hand, whichever of the two was configured.
        if (configured.Count > 0)
        {
            return ([.. context, .. configured.Distinct(StringComparer.Ordinal)], false);
        }

        var wanted = WantedScopes.OfLaunch(tenant.Knowledge, tenant.Options.WritePolicy);
        var asksV1 = isV1 || server.KnowsOnlyV1 || IsSilent(server);
        return ([.. Identity(server), .. context, .. Lasting(server), .. asksV1 ? WantedScopes.AsV1(wanted) : wanted], !asksV1);
    }

    // A server that has no SMART configuration is older than scopes v2.
    private static bool IsSilent(AuthorizationServer server) => server.Capabilities.Count == 0 && server.NamedScopes.Count == 0;

    private static IEnumerable<string> Identity(AuthorizationServer server)
    {
        // Left out only where everything that it says of itself speaks against it.
        if (server.Capabilities.Count > 0 && !server.Capabilities.Contains("sso-openid-connect") && server.NamedScopes.Count > 0 && !server.NamedScopes.Contains("openid"))
        {
            return [];
        }

        // Before SMART 1.1 the claim was named by the scope profile.
        return server.NamedScopes.Contains("profile") && !server.NamedScopes.Contains("fhirUser") ? ["openid", "profile"] : ["openid", "fhirUser"];
    }

    // An unknown scope may be refused with all others: a lasting token is asked for where the server has one. Online ends with the person's work.
    private static IEnumerable<string> Lasting(AuthorizationServer server) =>
        server.NamedScopes.Contains("online_access") || server.Capabilities.Contains("permission-online") ? ["online_access"]
        : server.NamedScopes.Contains("offline_access") || server.Capabilities.Contains("permission-offline") ? ["offline_access"]
        : [];
}
