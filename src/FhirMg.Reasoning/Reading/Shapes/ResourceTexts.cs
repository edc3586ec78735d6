using System.Runtime.CompilerServices;

namespace FhirMg.Reasoning.Reading;

/// <summary>Where the texts stand in a resource that facts are made of.</summary>
/// <param name="json">Begins with the resource.</param>
/// <param name="places">Those that are known already.</param>
internal ref struct ResourceTexts(ReadOnlySpan<byte> json, in TextPlaces places = default)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private TextPlaces _places = places;

    /// <summary>Where they stand.</summary>
    public readonly TextPlaces Places => _places;

    /// <summary>The text of a kind; as absent where it has none.</summary>
    public readonly ReadOnlySpan<byte> this[ReadText kind] => _places[(int)kind] is (> 0 and var start, var length) ? _json.Slice(start, length) : default;

    /// <summary>Notes a text that stands in the resource.</summary>
    public void Put(ReadText kind, int start, int length) => _places[(int)kind] = (start, length);

    /// <summary>Notes a text that was read; nothing where it is absent.</summary>
    /// <returns>False when it does not stand in it as it was read.</returns>
    public bool TryPut(ReadText kind, ReadOnlySpan<byte> text)
    {
        if (!text.IsGiven())
        {
            return true;
        }

        if (!_json.Overlaps(text, out var start))
        {
            return false;
        }

        Put(kind, start, text.Length);
        return true;
    }

    /// <summary>Notes the next answer.</summary>
    public void Answer(bool isYes)
    {
        ref var answers = ref _places[(int)ReadText.Answer];
        answers = (answers.Start + 1, answers.Length | ((isYes ? 1 : 0) << answers.Start));
    }

    /// <summary>Which of the answers, from the lowest bit on, are yes.</summary>
    public readonly uint Yes => (uint)_places[(int)ReadText.Answer].Length;

    /// <summary>What the text that begins here is; <see cref="ReadText.Other"/> where it was not noted.</summary>
    public readonly ReadText KindAt(int start)
    {
        for (var kind = ReadText.Id; kind <= ReadText.Value; kind++)
        {
            if (_places[(int)kind].Start == start)
            {
                return kind;
            }
        }

        return ReadText.Other;
    }
}

/// <summary>
/// Where the text of each <see cref="ReadText"/> stands in a resource; none stands at 0, where the resource's brace is. Of answers: how many there are, and
/// which are yes.
/// </summary>
[InlineArray((int)ReadText.Answer + 1)]
internal struct TextPlaces
{
    private (int Start, int Length) _first;
}
