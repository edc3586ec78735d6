using FhirMg.Sandbox.Access;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Which of the scopes that a client asks for it may have.</summary>
internal static class SmartScopes
{
    public const string Launch = "launch";
    public const string LaunchPatient = "launch/patient";
    public const string LaunchEncounter = "launch/encounter";
    public const string Online = "online_access";
    public const string Offline = "offline_access";

    private static readonly string[] Identity = ["openid", "fhirUser", "profile"];

    /// <summary>Scopes beside those for data.</summary>
    public static IReadOnlyList<string> Plain { get; } = [.. Identity, Launch, LaunchPatient, LaunchEncounter, Online, Offline];

    /// <summary>Those that a user may grant, in the order asked for.</summary>
    public static IReadOnlyList<string> ForUser(IEnumerable<string> asked, SandboxClient client, SmartSwitches switches) =>
        Granted(asked.Where(scope => Known(scope, switches) || SmartScope.Parse(scope) is { Context: not "system" }), client, switches);

    /// <summary>Those that a backend service may have.</summary>
    public static IReadOnlyList<string> ForSystem(IEnumerable<string> asked, SandboxClient client, SmartSwitches switches) =>
        Granted(asked.Where(scope => SmartScope.Parse(scope) is { Context: "system" }), client, switches);

    private static List<string> Granted(IEnumerable<string> asked, SandboxClient client, SmartSwitches switches) =>
        [.. asked.Where(scope => client.Scopes is null || client.Scopes.Split(' ').Contains(scope)).SelectMany(scope => Under(scope, switches)).Distinct(StringComparer.Ordinal)];

    private static bool Known(string scope, SmartSwitches switches) =>
        Plain.Contains(scope) && (switches.GivesIdTokens || !Identity.Contains(scope)) && (switches.GivesRefreshTokens || scope is not (Online or Offline));

    // What the ceiling leaves of a scope, in the scope's own words where nothing is taken away.
    private static IEnumerable<string> Under(string text, SmartSwitches switches)
    {
        if (SmartScope.Parse(text) is not { } scope)
        {
            return [text];
        }

        if (!switches.KnowsVersion2 && !scope.IsVersion1)
        {
            return [];
        }

        if (switches.Ceiling is null)
        {
            return [text];
        }

        var left = switches.Ceiling.Split(' ').Select(SmartScope.Parse).OfType<SmartScope>().Select(scope.Within).OfType<SmartScope>().ToList();
        return left.Contains(scope) ? [text] : left.Select(one => one.Text);
    }
}
