namespace FhirMg.Reasoning.Reading;

/// <summary>What all resources of a shape have in common; with their texts it makes the facts.</summary>
internal abstract record ResourceShape(ResourceType Type)
{
    /// <summary>Reads a resource of this shape.</summary>
    /// <param name="texts">Its texts.</param>
    /// <param name="header">What it says of itself.</param>
    /// <param name="document">Takes its facts.</param>
    public abstract void Read(in ResourceTexts texts, in Header header, DocumentBuilder document);
}
