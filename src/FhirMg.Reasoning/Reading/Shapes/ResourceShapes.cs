using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// The shapes of resources read before: everything but the texts that differ. One system writes its resources alike, so that most are
/// such a shape with other texts in it, and these are all that has to be read. What fits a shape was read as JSON where the shape was learned, and is
/// read the same; any other resource is left to the readers. One a thread.
/// </summary>
internal sealed class ResourceShapes
{
    // To learn a shape costs as much as reading one resource more. Where they seldom fit, because no two are alike, few are learned.
    private const int LearningCost = 32;
    private const int WorthOfMiss = 1;
    private const int WorthOfFit = 8;
    private const int MostCredit = 256 * LearningCost;

    // When there are so many steps, or so many bytes in them, all are forgotten: those that matter are soon learned again.
    private const int MostSteps = 2048;
    private const int MostBytes = 1 << 20;

    // Far more than what is written alike.
    private const int LongestResource = 1 << 14;

    // Of steps that may follow one the last ones used come first, and so many are tried.
    private const int MostTries = 48;
    private const int NotRead = -1;

    private static readonly SearchValues<byte> EndOfPlainText = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, ' ').Select(control => (byte)control)]);

    // A shape holds what the codes in it mean by one knowledge.
    [ThreadStatic]
    private static ConditionalWeakTable<Knowledge, ResourceShapes>? _ofThread;

    private readonly Step _root = new([], ReadText.Other, null);
    private readonly List<(int First, int Last)> _passedOver = [];
    private readonly List<int> _answers = [];
    private int _credit = MostCredit;
    private int _steps;
    private int _bytes;
    private int _typeAt;
    private int _start;
    private int _mark;

    /// <summary>This thread's, of what was read with a knowledge.</summary>
    public static ResourceShapes Of(Knowledge knowledge) => (_ofThread ??= []).GetValue(knowledge, static _ => new());

    /// <summary>How many resources fitted one.</summary>
    public long Fitted { get; private set; }

    /// <summary>Whether what is read should be learned.</summary>
    public bool IsLearning => _credit >= LearningCost;

    /// <summary>Looks for the shape of a resource.</summary>
    /// <param name="json">Begins with the resource.</param>
    /// <param name="texts">Takes its texts; of no use where none fits.</param>
    /// <param name="length">Its length in bytes; of no use where none fits.</param>
    /// <returns>What the shape was learned with; null where none fits.</returns>
    public ResourceShape? Find(ReadOnlySpan<byte> json, ref ResourceTexts texts, out int length)
    {
        length = 0;
        var step = _root;
        while (Behind(step, json[length..]) is { } next)
        {
            length += next.Before.Length;
            if (next.Shape is { } shape)
            {
                _credit = Math.Min(_credit + WorthOfFit, MostCredit);
                Fitted++;
                return shape;
            }

            var read = Read(next.Text, json[length..]);
            if (read == NotRead)
            {
                break;
            }

            if (next.Text == ReadText.Answer)
            {
                texts.Answer(json[length] == 't');
            }
            else
            {
                texts.Put(next.Text, length, read);
            }

            length += read;
            step = next;
        }

        _credit = Math.Min(_credit + WorthOfMiss, MostCredit);
        return null;
    }

    // The length of a text that differs; what may stand behind it is for the step that follows.
    private static int Read(ReadText text, ReadOnlySpan<byte> rest) => text switch
    {
        ReadText.Value or ReadText.OtherNumber => JsonGrammar.NumberLength(rest) is > 0 and var length ? length : NotRead,
        ReadText.Answer => rest.StartsWith("true"u8) ? "true".Length : rest.StartsWith("false"u8) ? "false".Length : NotRead,
        _ => rest.IndexOfAny(EndOfPlainText),
    };

    private static Step? Behind(Step step, ReadOnlySpan<byte> rest)
    {
        Step? before = null;
        var tries = 0;
        for (var next = step.First; next is not null && tries < MostTries; (before, next) = (next, next.Next))
        {
            if (rest.StartsWith(next.Before))
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

    /// <summary>Begins with a resource to be learned.</summary>
    /// <param name="json">At its first token.</param>
    public void Begin(in JsonCursor json)
    {
        (_start, _mark) = (json.Position, json.Mark());
        _passedOver.Clear();
        _answers.Clear();
    }

    /// <summary>Notes where the resource's type stands: it was looked at ahead, and decided who passes over what.</summary>
    public void TypeAt(int start) => _typeAt = start;

    /// <summary>Notes where the next answer stands.</summary>
    public void AnswerAt(int start)
    {
        if (_answers.Count < MostSteps)
        {
            _answers.Add(start);
        }
    }

    /// <summary>Notes that the readers passed over a value, whatever it is.</summary>
    /// <param name="first">Where its first token stands.</param>
    /// <param name="last">Where its last token stands.</param>
    public void PassedOver(int first, int last)
    {
        if (_passedOver.Count < MostSteps)
        {
            _passedOver.Add((first, last));
        }
    }

    /// <summary>Learns the shape of the resource that was begun with.</summary>
    /// <param name="json">At its last token.</param>
    /// <param name="texts">Those that facts are made of.</param>
    /// <param name="shape">What its texts, and nothing else of the resource, make the facts with.</param>
    public void Learn(JsonCursor json, scoped in ResourceTexts texts, ResourceShape shape)
    {
        var all = json.Source;
        var end = json.Position + 1;
        _credit -= LearningCost;
        if (end - _start > LongestResource || _passedOver.Count == MostSteps || all[_start..end].Contains((byte)'\\'))
        {
            return;
        }

        if (_steps >= MostSteps || _bytes >= MostBytes)
        {
            _root.First = null;
            (_steps, _bytes) = (0, 0);
        }

        json = json.At(_mark);
        var (step, from, passed, answered) = (_root, _start, 0, 0);
        while (json.Read() && json.Position < end - 1)
        {
            var isAnswer = answered < _answers.Count && _answers[answered] == json.Position;
            if (!isAnswer && json.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
            {
                continue;
            }

            answered += isAnswer ? 1 : 0;
            var kind = isAnswer ? ReadText.Answer : texts.KindAt(json.Position);
            while (passed < _passedOver.Count && _passedOver[passed].Last < json.Position)
            {
                passed++;
            }

            if (kind == ReadText.Other)
            {
                if (json.Position == _typeAt || passed == _passedOver.Count || _passedOver[passed].First > json.Position)
                {
                    continue;
                }

                kind = json.TokenType == JsonTokenType.Number ? ReadText.OtherNumber : ReadText.Other;
            }

            step = Put(step, all[from..json.Position], kind, null);
            from = json.Position + json.ValueSpan.Length;
        }

        Put(step, all[from..end], ReadText.Other, shape);
    }

    private Step Put(Step step, ReadOnlySpan<byte> before, ReadText text, ResourceShape? shape)
    {
        for (var known = step.First; known is not null; known = known.Next)
        {
            if (known.Text == text && known.Shape is null == shape is null && before.SequenceEqual(known.Before))
            {
                return known;
            }
        }

        _steps++;
        _bytes += before.Length;
        return step.First = new(before.ToArray(), text, shape) { Next = step.First };
    }

    /// <summary>What stands before a text, the text, and the steps that may follow it; the last has the shape in place of a text.</summary>
    private sealed class Step(byte[] before, ReadText text, ResourceShape? shape)
    {
        public byte[] Before => before;

        public ReadText Text => text;

        public ResourceShape? Shape => shape;

        public Step? First { get; set; }

        public Step? Next { get; set; }
    }
}
