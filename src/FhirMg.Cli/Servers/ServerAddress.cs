namespace FhirMg.Cli.Servers;

/// <summary>The url of <c>--server</c>.</summary>
internal static class ServerAddress
{
    /// <exception cref="UsageException">It is not the base of a FHIR server, or holds a password.</exception>
    public static Uri Parse(string text, string option = "--server")
    {
        // An url with a password is not repeated in the message.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp) || url.Host.Length == 0)
        {
            throw new UsageException($"{option}: {(text.Contains('@', StringComparison.Ordinal) ? "it" : $"'{text}'")} is no http or https url: name the FHIR R4 base, for example https://fhir.example.org/r4");
        }

        return url.UserInfo.Length > 0 ? throw new UsageException($"{option}: the url holds a user or password, and every user of this machine can read a command line: put \"Basic …\" into a file and name it by --header \"Authorization: @FILE\"")
            : url.Query.Length > 0 || url.Fragment.Length > 0 ? throw new UsageException($"{option}: the url holds a query or fragment: name the base alone")
            : url;
    }

    /// <summary>Refuses to send what is secret where others can read it.</summary>
    /// <exception cref="UsageException">The way is not protected.</exception>
    public static void RequireProtected(Uri url, bool sendsSecrets)
    {
        if (sendsSecrets && url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback)
        {
            throw new UsageException($"--server: {url.GetLeftPart(UriPartial.Authority)} is not https, so everybody on the way could read the token, secret or key of the client: use https. Nothing was sent");
        }
    }
}
