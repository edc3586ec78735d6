using System.Text.Json;

namespace FhirMg.Cli.Inputs;

/// <summary>Tells FHIR from the other JSON that lies in directories, such as settings and expected results.</summary>
internal static class ResourceProbe
{
    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true, MaxDepth = 512 };

    /// <summary>Whether the content is whole JSON in which nothing says that it is a FHIR resource. Damaged JSON is not: it is to be reported.</summary>
    public static bool IsOtherJson(ReadOnlySpan<byte> content)
    {
        try
        {
            var reader = new Utf8JsonReader(content.StartsWith("\uFEFF"u8) ? content[3..] : content, Options);
            var any = false;
            while (reader.Read())
            {
                any = true;
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("resourceType"u8))
                {
                    return false;
                }

                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.StartArray)
                {
                    reader.Skip();
                }
            }

            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
