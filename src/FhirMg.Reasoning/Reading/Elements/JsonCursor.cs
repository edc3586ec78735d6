using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// Reads the tokens of one JSON value (RFC 8259) of which an index was made, as <see cref="Utf8JsonReader"/> does and accepting
/// just what that accepts. A copy reads on from where it was made.
/// </summary>
internal ref struct JsonCursor
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlySpan<int> _starts;
    private readonly ref int _ends;
    private readonly bool _hasEscapes;

    // Before this token the end of every object and array is noted.
    private int _passed;
    private JsonNesting _nesting;
    private int _next, _from, _to;

    /// <summary>A cursor before the first token.</summary>
    /// <exception cref="JsonException">It is no valid JSON.</exception>
    public JsonCursor(ReadOnlySpan<byte> json, JsonIndex index)
    {
        _json = json;
        _starts = index.Starts;
        _ends = ref MemoryMarshal.GetReference(index.Ends);
        _hasEscapes = index.HasEscapes;
        if (index.IsBroken)
        {
            Fail();
        }
    }

    /// <summary>The kind of the token reached; none before the first.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Whether the text or name reached has escapes.</summary>
    public readonly bool ValueIsEscaped => _hasEscapes && ValueSpan.Contains((byte)'\\');

    /// <summary>The token reached as written; a text or name without its quotation marks.</summary>
    public readonly ReadOnlySpan<byte> ValueSpan => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_json), _from), _to - _from);

    /// <summary>Where the bracket reached stands in the text, or the first byte of the text, name, number or word.</summary>
    public readonly int Position => _from;

    /// <summary>Goes to the next token.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="JsonException">It is no valid JSON.</exception>
    public bool Read()
    {
        var next = _next;
        var first = First(next);
        switch (TokenType)
        {
            case JsonTokenType.None or JsonTokenType.PropertyName:
                Value(first, next);
                return true;
            case JsonTokenType.StartObject when first != '}':
                Name(first, next);
                return true;
            case JsonTokenType.StartArray when first != ']':
                Value(first, next);
                return true;
            default:
                return Behind(first, next);
        }
    }

    /// <summary>Goes to the next name of the object entered, as <see cref="Read"/> would.</summary>
    /// <returns>False at its end, and where the object is not what was entered last.</returns>
    /// <exception cref="JsonException">It is no valid JSON.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadName()
    {
        var next = _next;

        // Behind a value, which nearly every name is.
        if (TokenType is not (JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray) && _nesting.IsObject && First(next) == ',')
        {
            Name(First(next + 1), next + 1);
            return true;
        }

        return Read() && TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Passes over the value reached, or that of the name reached, to its last token.</summary>
    /// <exception cref="JsonException">It is no valid JSON.</exception>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName)
        {
            Read();
        }

        if (TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            if (_next <= _passed)
            {
                Jump();
            }
            else
            {
                PassOver();
            }
        }
    }

    /// <summary>The whole text.</summary>
    public readonly ReadOnlySpan<byte> Source => _json;

    /// <summary>A cursor before the first token.</summary>
    public readonly JsonCursor FromStart() => this with { _next = 0, _passed = 0, _nesting = default, TokenType = JsonTokenType.None };

    /// <summary>Remembers where the value reached begins, for <see cref="At"/>.</summary>
    public readonly int Mark() => _next - 1;

    /// <summary>A cursor just before a value that was marked and passed over, to read that alone.</summary>
    public readonly JsonCursor At(int mark) => this with
    {
        _next = mark,
        _passed = NotesEnds && First(mark) is (byte)'{' or (byte)'[' ? End(mark) : 0,
        _nesting = default,
        TokenType = JsonTokenType.None,
    };

    /// <summary>The value of a number as written; false when it is beyond decimal's range.</summary>
    public static bool TryGetDecimal(ReadOnlySpan<byte> number, out decimal value)
    {
        const int SurelyFits = 18;
        var (digits, scale, point) = (0L, 0, false);
        foreach (var b in number)
        {
            if (b == '.')
            {
                point = true;
            }
            else if (b is < (byte)'0' or > (byte)'9' || number.Length > SurelyFits)
            {
                var isScientific = number.IndexOfAny((byte)'e', (byte)'E') >= 0;
                return Utf8Parser.TryParse(number, out value, out var used, isScientific ? 'e' : default) && used == number.Length;
            }
            else
            {
                digits = (digits * 10) + (b - '0');
                scale += point ? 1 : 0;
            }
        }

        value = new((int)digits, (int)(digits >> 32), 0, false, (byte)scale);
        return true;
    }

    /// <summary>Writes the text or name reached without its escapes.</summary>
    /// <returns>Bytes written; no more than it has with its escapes.</returns>
    /// <exception cref="InvalidOperationException">It holds half a surrogate pair, or is no UTF-8.</exception>
    public readonly int CopyString(Span<byte> destination) => Quoted().CopyString(destination);

    /// <summary>Whether the text or name reached, without its escapes, is this.</summary>
    /// <exception cref="InvalidOperationException">It holds half a surrogate pair.</exception>
    public readonly bool ValueTextEquals(ReadOnlySpan<byte> text) => Quoted().ValueTextEquals(text);

    private readonly Utf8JsonReader Quoted()
    {
        var reader = new Utf8JsonReader(_json[(_from - 1)..(_to + 1)]);
        reader.Read();
        return reader;
    }

    // Behind a value, or within an empty object or array.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Behind(byte first, int next)
    {
        if (_nesting.Depth == 0)
        {
            return next < _starts.Length - 1 && Fail();
        }

        if (first != ',' || TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            Leave(first);
        }
        else if (_nesting.IsObject)
        {
            next++;
            Name(First(next), next);
        }
        else
        {
            next++;
            Value(First(next), next);
        }

        return true;
    }

    // The first byte of a token; none at the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte First(int token)
    {
        var at = Start(token);
        return at < _json.Length ? Byte(at) : (byte)0;
    }

    // The index ends with one more than there are tokens, and no way of reading passes over that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Start(int token) => Unsafe.Add(ref MemoryMarshal.GetReference(_starts), token);

    private readonly bool NotesEnds => !Unsafe.IsNullRef(ref _ends);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref int End(int token) => ref Unsafe.Add(ref _ends, token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte Byte(int at) => Unsafe.Add(ref MemoryMarshal.GetReference(_json), at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Name(byte first, int next)
    {
        var (start, end) = (Start(next), Start(next + 1));
        if (first != '"' || end >= _json.Length || Byte(end) != ':')
        {
            Fail();
        }

        TokenType = JsonTokenType.PropertyName;
        _next = next + 2;
        Text(start, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Value(byte first, int next)
    {
        if (first == '"')
        {
            TokenType = JsonTokenType.String;
            _next = next + 1;
            Text(Start(next), Start(next + 1));
        }
        else if (first is (byte)'{' or (byte)'[')
        {
            Enter(first == '{', next);
        }
        else
        {
            Word(next);
        }
    }

    // The other quotation mark is the last byte before the next token but for white space.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Text(int start, int end)
    {
        do
        {
            end--;
        }
        while (Byte(end) != '"');
        (_from, _to) = (start + 1, end);
        if (_hasEscapes && !JsonGrammar.EscapesAreValid(ValueSpan))
        {
            Fail();
        }
    }

    private void Word(int next)
    {
        _from = Start(next);
        TokenType = WordAt(_from, out var length);
        _to = _from + length;
        _next = next + 1;
    }

    private readonly JsonTokenType WordAt(int at, out int length)
    {
        var rest = _json[at..];
        (var type, length) = rest switch
        {
            [(byte)'t', ..] => (JsonTokenType.True, rest.StartsWith("true"u8) ? "true".Length : 0),
            [(byte)'f', ..] => (JsonTokenType.False, rest.StartsWith("false"u8) ? "false".Length : 0),
            [(byte)'n', ..] => (JsonTokenType.Null, rest.StartsWith("null"u8) ? "null".Length : 0),
            _ => (JsonTokenType.Number, JsonGrammar.NumberLength(rest)),
        };
        _ = (length > 0 && JsonGrammar.EndsWord(rest[length..])) || Fail();
        return type;
    }

    private void Enter(bool isObject, int next)
    {
        _ = _nesting.Depth < JsonSource.MaxDepth || Fail();
        _nesting.Enter(isObject);
        Take(isObject ? JsonTokenType.StartObject : JsonTokenType.StartArray, next);
    }

    private void Leave(byte first)
    {
        _ = first == Closing(_nesting) || Fail();
        _nesting.Leave();
        Take(first == '}' ? JsonTokenType.EndObject : JsonTokenType.EndArray, _next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(JsonTokenType type, int next)
    {
        TokenType = type;
        _from = Start(next);
        _to = _from + 1;
        _next = next + 1;
    }

    // To the last token of the object or array entered, which was passed over before.
    private void Jump()
    {
        _nesting.Leave();
        var last = End(_next - 1);
        Take(First(last) == '}' ? JsonTokenType.EndObject : JsonTokenType.EndArray, last);
    }

    // To the last token of the object or array entered: as by reading, but of texts only the order is looked at.
    private void PassOver()
    {
        var (next, nesting, outside) = (_next, _nesting, _nesting.Depth - 1);

        // Until the end of one is known, what it stands in is noted there.
        var (notes, open) = (NotesEnds, next - 1);
        for (var isEmpty = First(next) == Closing(nesting); ;)
        {
            if (!isEmpty)
            {
                next = nesting.IsObject ? PassName(next) : next;
                var first = First(next);
                if (first is (byte)'{' or (byte)'[')
                {
                    _ = nesting.Depth < JsonSource.MaxDepth || Fail();
                    nesting.Enter(first == '{');
                    if (notes)
                    {
                        (End(next), open) = (open, next);
                    }

                    isEmpty = First(++next) == Closing(nesting);
                    continue;
                }

                _ = first == '"' ? !_hasEscapes || HasValidEscapes(next) : WordAt(Start(next), out var length) > 0;
                next++;
            }

            for (var first = First(next++); first != ','; first = First(next++))
            {
                _ = first == Closing(nesting) || Fail();
                nesting.Leave();
                if (notes)
                {
                    (End(open), open) = (next - 1, End(open));
                }

                if (nesting.Depth == outside)
                {
                    _nesting = nesting;
                    Take(first == '}' ? JsonTokenType.EndObject : JsonTokenType.EndArray, next - 1);
                    return;
                }
            }

            isEmpty = false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int PassName(int next)
    {
        _ = (First(next) == '"' && First(next + 1) == ':') || Fail();
        _ = !_hasEscapes || HasValidEscapes(next);
        return next + 2;
    }

    // Up to the next token, before which there is nothing but a quotation mark and white space.
    private readonly bool HasValidEscapes(int token) => JsonGrammar.EscapesAreValid(_json[(Start(token) + 1)..Start(token + 1)]) || Fail();

    private static byte Closing(in JsonNesting nesting) => nesting.IsObject ? (byte)'}' : (byte)']';

    // Says what is wrong, and where, in the words of the reader whose grammar this is.
    [DoesNotReturn]
    private readonly bool Fail()
    {
        var reader = new Utf8JsonReader(_json, JsonSource.Options);
        while (reader.Read())
        {
        }

        throw new JsonException("it breaks JSON's grammar");
    }
}
