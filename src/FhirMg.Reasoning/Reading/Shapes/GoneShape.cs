namespace FhirMg.Reasoning.Reading;

/// <summary>Resources that leave no fact, by their status or code.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Bears">Whether one would leave a fact but for its status, so that it takes an older version's place.</param>
internal sealed record GoneShape(ResourceType Type, bool Bears) : ResourceShape(Type)
{
    /// <inheritdoc/>
    public override void Read(in ResourceTexts texts, in Header header, DocumentBuilder document)
    {
        var reader = default(ElementReader);
        document.Claim(ref reader, header, null, Bears);
    }
}
