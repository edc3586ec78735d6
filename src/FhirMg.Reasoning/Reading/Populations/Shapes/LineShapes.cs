using System.Buffers;
using System.Text.Json;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// The shapes of lines read before: everything but the texts that differ. One system writes its resources alike, so that most lines of a population are
/// such a shape with other texts in it, and these are all that has to be read. What fits a shape was read as JSON where the shape was learned, and is
/// read the same; any other line is left to the readers. One a thread.
/// </summary>
internal sealed class LineShapes
{
    // To learn a shape costs as much as reading one line more. Where lines seldom fit, because no two are alike, few are learned.
    private const int LearningCost = 32;
    private const int WorthOfMiss = 1;
    private const int WorthOfFit = 8;
    private const int MostCredit = 256 * LearningCost;

    // When there are so many steps, all are forgotten: those that matter are soon learned again.
    private const int MostSteps = 2048;

    // Of steps that may follow one the last ones used come first, and so many are tried.
    private const int MostTries = 48;

    private static readonly SearchValues<byte> EndOfPlainText = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, ' ').Select(control => (byte)control)]);

    private readonly Step _root = new([], ReadText.Other, null);
    private readonly List<(int First, int Last)> _passedOver = [];
    private int _credit = MostCredit;
    private int _steps;
    private int _typeAt;

    /// <summary>Whether what is read should be learned.</summary>
    public bool IsLearning => _credit >= LearningCost;

    /// <summary>Looks for the shape of a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="texts">Takes its texts; of no use where none fits.</param>
    /// <returns>What the shape was learned with; null where none fits.</returns>
    public object? Find(ReadOnlySpan<byte> line, ref LineTexts texts)
    {
        var at = 0;
        var step = _root;
        while (Behind(step, line[at..]) is { } next)
        {
            at += next.Before.Length;
            if (next.Shape is { } shape)
            {
                _credit = Math.Min(_credit + WorthOfFit, MostCredit);
                return shape;
            }

            var length = next.Text == ReadText.Value ? JsonGrammar.NumberLength(line[at..]) : line[at..].IndexOfAny(EndOfPlainText);
            if (length < (next.Text == ReadText.Value ? 1 : 0))
            {
                break;
            }

            texts.Put(next.Text, at, length);
            at += length;
            step = next;
        }

        _credit = Math.Min(_credit + WorthOfMiss, MostCredit);
        return null;
    }

    private static Step? Behind(Step step, ReadOnlySpan<byte> rest)
    {
        Step? before = null;
        var tries = 0;
        for (var next = step.First; next is not null && tries < MostTries; (before, next) = (next, next.Next))
        {
            if (rest.StartsWith(next.Before) && (next.Shape is null || rest.Length == next.Before.Length))
            {
                if (before is not null)
                {
                    (before.Next, next.Next, step.First) = (next.Next, step.First, next);
                }

                return next;
            }

            tries++;
        }

        return null;
    }

    /// <summary>Begins with a line to be learned.</summary>
    public void Begin() => _passedOver.Clear();

    /// <summary>Notes where the resource's type stands: it was looked at ahead, and decided who passes over what.</summary>
    public void TypeAt(int start) => _typeAt = start;

    /// <summary>Notes that the readers passed over a value, whatever it is.</summary>
    /// <param name="first">Where its first token stands.</param>
    /// <param name="last">Where its last token stands.</param>
    public void PassedOver(int first, int last) => _passedOver.Add((first, last));

    /// <summary>Learns the shape of a line, without escapes, that was read to its end.</summary>
    /// <param name="json">Before its first token.</param>
    /// <param name="texts">Those that facts are made of.</param>
    /// <param name="shape">What its texts, and nothing else of the line, make the facts with.</param>
    public void Learn(JsonCursor json, scoped in LineTexts texts, object shape)
    {
        var line = json.Source;
        _credit -= LearningCost;
        if (_steps >= MostSteps)
        {
            _root.First = null;
            _steps = 0;
        }

        var (step, from, passed) = (_root, 0, 0);
        while (json.Read())
        {
            if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
            {
                continue;
            }

            var kind = texts.KindAt(json.Position);
            while (passed < _passedOver.Count && _passedOver[passed].Last < json.Position)
            {
                passed++;
            }

            var isPassedOver = json.TokenType == JsonTokenType.String && json.Position != _typeAt && passed < _passedOver.Count && _passedOver[passed].First <= json.Position;
            if (kind == ReadText.Other && !isPassedOver)
            {
                continue;
            }

            step = Put(step, line[from..json.Position], kind, null);
            from = json.Position + json.ValueSpan.Length;
        }

        Put(step, line[from..], ReadText.Other, shape);
    }

    private Step Put(Step step, ReadOnlySpan<byte> before, ReadText text, object? shape)
    {
        for (var known = step.First; known is not null; known = known.Next)
        {
            if (known.Text == text && known.Shape is null == shape is null && before.SequenceEqual(known.Before))
            {
                return known;
            }
        }

        _steps++;
        return step.First = new(before.ToArray(), text, shape) { Next = step.First };
    }

    /// <summary>What stands before a text, the text, and the steps that may follow it; the last has the shape in place of a text.</summary>
    private sealed class Step(byte[] before, ReadText text, object? shape)
    {
        public byte[] Before => before;

        public ReadText Text => text;

        public object? Shape => shape;

        public Step? First { get; set; }

        public Step? Next { get; set; }
    }
}
