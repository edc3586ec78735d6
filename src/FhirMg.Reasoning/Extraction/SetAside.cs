using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Extraction;

/// <summary>A resource that does not count, with the reason.</summary>
/// <param name="Resource">Its name.</param>
/// <param name="Reason">The first reason that holds.</param>
public sealed record SetAside(string Resource, SetAsideReason Reason);
