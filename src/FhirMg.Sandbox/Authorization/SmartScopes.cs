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

    /// <summary>Scopes beside those for data.</summary>
    public static IReadOnlyList<string> Plain { get; } = ["openid", "fhirUser", "profile", Launch, LaunchPatient, LaunchEncounter, Online, Offline];

    /// <summary>Those that a user may grant, in the order asked for.</summary>
    public static IReadOnlyList<string> ForUser(IEnumerable<string> asked, SandboxClient client) =>
        [.. asked.Distinct(StringComparer.Ordinal).Where(scope => (Plain.Contains(scope) || SmartScope.Parse(scope) is { Context: not "system" }) && Registered(scope, client))];

    /// <summary>Those that a backend service may have.</summary>
    public static IReadOnlyList<string> ForSystem(IEnumerable<string> asked, SandboxClient client) =>
        [.. asked.Distinct(StringComparer.Ordinal).Where(scope => SmartScope.Parse(scope) is { Context: "system" } && Registered(scope, client))];

    private static bool Registered(string scope, SandboxClient client) => client.Scopes is null || client.Scopes.Split(' ').Contains(scope);
}
