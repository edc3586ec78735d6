namespace FhirMg.Fhir.Tokens;

/// <summary>Urls as messages show them, and where secrets may go.</summary>
internal static class Url
{
    /// <summary>The url without user, password, query and fragment.</summary>
    public static string Shown(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Whether nobody on the way can read what is sent there.</summary>
    public static bool IsProtected(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    /// <summary>Whether both are of one host, by scheme and port too.</summary>
    public static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
