namespace FhirMg.Service.Launch;

/// <summary>Reads parameters of a query, each once and not too long.</summary>
internal static class LaunchParameters
{
    private const int Longest = 4096;

    /// <summary>The parameter; null when it is absent or empty.</summary>
    /// <exception cref="LaunchException">It is given more than once, or too long.</exception>
    public static string? Read(HttpRequest request, string name) => request.Query[name] switch
    {
        [] or [null or ""] => null,
        [{ Length: <= Longest } one] => one,
        _ => throw new LaunchException("app-bad-request"),
    };
}
