namespace FhirMg.Sandbox.Searching;

/// <summary>The kinds of search parameters that are served.</summary>
internal enum SearchKind
{
    Token,
    Reference,
    Date,
    Text,
    Uri,
}

/// <summary>A search parameter of a resource type.</summary>
/// <param name="Name">Its code.</param>
/// <param name="Kind">How its values are compared.</param>
/// <param name="Paths">Where its values stand in the resource.</param>
internal sealed record SearchParameter(string Name, SearchKind Kind, params string[] Paths)
{
    /// <summary>The type as CapabilityStatements name it.</summary>
    public string FhirType => Kind switch
    {
        SearchKind.Token => "token",
        SearchKind.Reference => "reference",
        SearchKind.Date => "date",
        SearchKind.Uri => "uri",
        _ => "string",
    };
}
