namespace FhirMg.Reasoning.Knowing;

/// <summary>A source of the knowledge.</summary>
/// <param name="Label">How rules refer to it, e.g. <c>A:10</c>.</param>
/// <param name="Words">What it is.</param>
public sealed record Citation(string Label, Text Words);
