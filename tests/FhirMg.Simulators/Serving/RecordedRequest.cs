namespace FhirMg.Simulators;

/// <summary>A request as it came in.</summary>
/// <param name="Method">GET, POST, …</param>
/// <param name="Url">The absolute URL.</param>
/// <param name="Path">The path below the FHIR base, without a slash in front.</param>
/// <param name="Headers">By name, in any case; several values are joined with a comma.</param>
/// <param name="Body">The body as text; empty when there is none.</param>
public sealed record RecordedRequest(string Method, Uri Url, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The names and values of the query and, for <c>_search</c>, of the form.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Whether it follows a next link.</summary>
    public bool IsNextPage { get; init; }

    /// <summary>The <c>Authorization</c> header.</summary>
    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    /// <summary>The resource type it is about; empty at the base.</summary>
    public string Type => Path.Split('/')[0];

    /// <summary>The last value of a query parameter.</summary>
    public string? Parameter(string name) => Query.LastOrDefault(q => q.Key == name).Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}{Url.Query}";
}
