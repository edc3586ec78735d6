namespace FhirMg.Reasoning.Knowing;

/// <summary>A kind of data that rules ask for; from it come searches, prefetch and exports.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="ValueSet">Name of the value set that the resource's code lies in; null for every code.</param>
/// <param name="LookBack">How old it may be; null for any age.</param>
public sealed record DataRequirement(string Type, string? ValueSet, TimeSpan? LookBack);

/// <summary>A code of a value set.</summary>
/// <param name="System">The code system's uri.</param>
/// <param name="Value">The code.</param>
public sealed record CodeOf(string System, string Value);
