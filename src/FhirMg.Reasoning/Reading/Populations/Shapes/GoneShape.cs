namespace FhirMg.Reasoning.Reading;

/// <summary>Resources that leave no fact, by their status, and only take an older version's place.</summary>
internal sealed record GoneShape(ResourceType Type)
{
    /// <summary>Reads a line that is one.</summary>
    public void Read(in LineTexts texts, DocumentBuilder document)
    {
        var reader = default(ElementReader);
        document.Claim(ref reader, Header.Of(Type, texts), null, bears: true);
    }
}
