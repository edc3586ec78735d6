namespace FhirMg.Reasoning.Knowing;

/// <summary>One knowledge artifact as it is stored.</summary>
/// <param name="Name">File name, for messages.</param>
/// <param name="Content">A FHIR R4 resource as UTF-8 JSON.</param>
public sealed record KnowledgeFile(string Name, ReadOnlyMemory<byte> Content);
