using FhirMg.Reasoning.Extraction;

namespace FhirMg.Fhir.Pulling;

/// <summary>One search of a pull.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Kind">The kind of data that is missing when the search cannot be made.</param>
/// <param name="Urls">From the most exact to the broadest: the next is tried when the server does not understand one.</param>
internal sealed record PlannedSearch(string Type, DataKinds Kind, IReadOnlyList<string> Urls)
{
    /// <summary>Whether the second url is tried too when the first finds nothing: a server may search by standard codes alone.</summary>
    public bool GoesOnWhenEmpty { get; init; }
}
