namespace FhirMg.Service.Sessions;

/// <summary>Paths of launches and sessions, below the service's own base. The session's cookie comes with those below <see cref="App"/> only.</summary>
internal static class LaunchPaths
{
    /// <summary>Where an EHR launches the app (<c>iss</c>, <c>launch</c>), or a person without an EHR (<c>iss</c>).</summary>
    public const string Launch = "/smart/launch";

    /// <summary>Where the authorization server sends the person back to: the redirect uri.</summary>
    public const string Callback = "/smart/callback";

    /// <summary>The public keys of this service's clients.</summary>
    public const string Keys = "/.well-known/jwks.json";

    /// <summary>The page of a session.</summary>
    public static string App(string handle) => $"/app/{handle}";

    /// <summary>A GET there authorizes the same session anew, and comes back to its page with its draft: link to it.</summary>
    public static string Reauthorize(string handle) => $"/app/{handle}/reauthorize";

    /// <summary>A POST from the session's page there ends the session, and answers with a page that says so.</summary>
    public static string SignOut(string handle) => $"/app/{handle}/sign-out";
}
