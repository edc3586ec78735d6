using System.Text.Json;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>A value in JSON text, by its bytes.</summary>
/// <param name="NameStart">Where its property's name begins; its own start in an array and at the root.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Behind its last byte.</param>
/// <param name="Parent">Position of its object or array in the list; -1 at the root.</param>
internal readonly record struct JsonSpan(int NameStart, int Start, int End, int Parent)
{
    public bool IsProperty => NameStart < Start;

    /// <summary>Every value of a text in order; null when it is no JSON.</summary>
    public static List<JsonSpan>? Of(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<JsonSpan> Read(ReadOnlySpan<byte> json)
    {
        var spans = new List<JsonSpan>();
        var open = new Stack<int>([-1]);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000_000 });
        var name = -1;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = (int)reader.TokenStartIndex;
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    var closed = open.Pop();
                    spans[closed] = spans[closed] with { End = (int)reader.BytesConsumed };
                    continue;
                default:
                    var start = (int)reader.TokenStartIndex;
                    spans.Add(new(name < 0 ? start : name, start, (int)reader.BytesConsumed, open.Peek()));
                    name = -1;
                    break;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open.Push(spans.Count - 1);
            }
        }

        return spans;
    }
}
