using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// Reads elements of one resource and remembers whether one had another JSON type than FHIR's. Every reading method begins on
/// a property's name or an array's bracket and ends on the value's last token; null reads as absent.
/// </summary>
internal ref struct ElementReader(JsonCursor json)
{
    public JsonCursor Json = json;

    /// <summary>Whether an element that the rules read has another JSON type than FHIR's.</summary>
    public bool Malformed;

    /// <summary>Is told what is passed over; null but where the shape of the resource is learned.</summary>
    public ResourceShapes? Shapes;

    /// <summary>Has the shape of the resource at whose first token this stands be learned, where that is worth it.</summary>
    public void LearnWith(ResourceShapes? shapes)
    {
        Shapes = shapes is { IsLearning: true } ? shapes : null;
        Shapes?.Begin(Json);
    }

    /// <summary>Who learns the shape of the resource that was read; null where nobody does, and where it has something unusual.</summary>
    public readonly ResourceShapes? Learner(DocumentBuilder document) => Malformed || document.ForeignWitness is not null ? null : Shapes;

    /// <summary>Enters the object at the next token.</summary>
    /// <returns>False, with the value passed over, when it is no object; that is malformed unless it is null.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EnterObject()
    {
        Json.Read();
        return Entered(JsonTokenType.StartObject);
    }

    /// <summary>Enters the array at the next token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EnterArray()
    {
        Json.Read();
        return Entered(JsonTokenType.StartArray);
    }

    /// <summary>Goes to the next object of an array; what is no object is malformed and passed over.</summary>
    public bool NextObject()
    {
        while (Json.Read() && Json.TokenType != JsonTokenType.EndArray)
        {
            if (Json.TokenType == JsonTokenType.StartObject)
            {
                return true;
            }

            Malformed = true;
            Json.Skip();
        }

        return false;
    }

    /// <summary>Goes to the next property of an object, onto its name.</summary>
    public bool NextProperty() => Json.ReadName();

    /// <summary>Whether the property reached has this name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Is(ReadOnlySpan<byte> name) => Json.ValueIsEscaped ? IsEscaped(name) : Json.ValueSpan.SequenceEqual(name);

    /// <summary>Passes over the value of the property reached.</summary>
    public void Skip() => SkipGiven();

    /// <summary>Passes over the value of the property reached.</summary>
    /// <returns>Whether there is one: it is not null.</returns>
    public bool SkipGiven()
    {
        Json.Read();
        var (first, isGiven) = (Json.Position, Json.TokenType != JsonTokenType.Null);
        Json.Skip();
        Shapes?.PassedOver(first, Json.Position);
        return isGiven;
    }

    /// <summary>Passes over the value of the property reached and remembers where it stands, for <see cref="At"/>.</summary>
    public int Mark()
    {
        Json.Read();
        var mark = Json.Mark();
        Json.Skip();
        return mark;
    }

    /// <summary>A reader just before a value that was marked.</summary>
    public readonly ElementReader At(int mark) => new(Json.At(mark));

    /// <summary>The text of the property reached, empty when absent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> String()
    {
        Json.Read();
        return Json.TokenType == JsonTokenType.String && !Json.ValueIsEscaped ? Json.ValueSpan : UncommonString();
    }

    private ReadOnlySpan<byte> UncommonString()
    {
        switch (Json.TokenType)
        {
            case JsonTokenType.String:
                return Unescape();
            case JsonTokenType.Null:
                return default;
            default:
                Malformed = true;
                Json.Skip();
                return default;
        }
    }

    /// <summary>The text of the property reached, noting whether this very element has another JSON type.</summary>
    public ReadOnlySpan<byte> String(scoped ref bool unreadable)
    {
        var before = Malformed;
        Malformed = false;
        var text = String();
        unreadable |= Malformed;
        Malformed |= before;
        return text;
    }

    /// <summary>The boolean of the property reached; null when absent or malformed.</summary>
    public bool? Boolean()
    {
        Json.Read();
        switch (Json.TokenType)
        {
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.Null:
                return null;
            default:
                Malformed = true;
                Json.Skip();
                return null;
        }
    }

    /// <summary>The number of the property reached; null when absent or malformed.</summary>
    public decimal? Number()
    {
        Json.Read();
        switch (Json.TokenType)
        {
            case JsonTokenType.Number:
                return Number(Json.ValueSpan);
            case JsonTokenType.Null:
                return null;
            default:
                Malformed = true;
                Json.Skip();
                return null;
        }
    }

    /// <summary>A number of the input. Beyond decimal's range is beyond any plausible value, which is all that matters of it.</summary>
    public static decimal Number(ReadOnlySpan<byte> number) =>
        JsonCursor.TryGetDecimal(number, out var value) ? Math.Clamp(value, -Measurement.Beyond, Measurement.Beyond)
        : number[0] == '-' ? -Measurement.Beyond
        : Measurement.Beyond;

    /// <summary>A text of the input as a string; invalid UTF-8 is malformed.</summary>
    public string? Text(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return null;
        }

        if (Ascii.IsValid(utf8))
        {
            return ShortTexts.Of(utf8) ?? Encoding.Latin1.GetString(utf8);
        }

        Malformed |= !Utf8.IsValid(utf8);
        return Encoding.UTF8.GetString(utf8);
    }

    /// <summary>The <c>reference</c> of the Reference at the property reached, empty when it has none.</summary>
    public ReadOnlySpan<byte> Reference()
    {
        if (!EnterObject())
        {
            return default;
        }

        ReadOnlySpan<byte> reference = default;
        while (NextProperty())
        {
            if (Is("reference"u8))
            {
                reference = String();
            }
            else
            {
                Skip();
            }
        }

        return reference;
    }

    private readonly bool IsEscaped(ReadOnlySpan<byte> name)
    {
        try
        {
            return Json.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no name that anybody asks for.
            return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Entered(JsonTokenType start) => Json.TokenType == start || NotEntered();

    private bool NotEntered()
    {
        Malformed |= Json.TokenType != JsonTokenType.Null;
        Json.Skip();
        return false;
    }

    private ReadOnlySpan<byte> Unescape()
    {
        var buffer = new byte[Json.ValueSpan.Length];
        try
        {
            return buffer.AsSpan(0, Json.CopyString(buffer));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: a text that nobody can have meant.
            Malformed = true;
            return default;
        }
    }
}
