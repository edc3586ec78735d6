using System.Text;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads answers to the manifestations questionnaire (SYM-1); answers to others are never named.</summary>
internal static class QuestionnaireResponseReader
{
    // Groups in groups are rare and never deep; deeper ones are a bomb.
    private const int DeepestGroup = 32;

    // As many as a shape tells apart.
    private const int MostLearned = 32;

    public static void Read(ref ElementReader reader, ref Header header, DocumentBuilder document)
    {
        ReadOnlySpan<byte> questionnaire = default, status = default, authored = default;
        var answers = new Answers { Learned = reader.Shapes is null ? null : [] };
        while (reader.NextProperty())
        {
            if (reader.Is("questionnaire"u8))
            {
                questionnaire = reader.String();
            }
            else if (reader.Is("status"u8))
            {
                status = reader.String();
            }
            else if (reader.Is("authored"u8))
            {
                authored = reader.String();
            }
            else if (reader.Is("item"u8))
            {
                ReadItems(ref reader, document.Knowledge, ref answers, 0);
            }
            else if (!header.TryRead(ref reader, "subject"u8))
            {
                reader.Skip();
            }
        }

        var version = questionnaire.IndexOf((byte)'|');
        if (!(version < 0 ? questionnaire : questionnaire[..version]).SequenceEqual(document.Knowledge.QuestionnaireUrlUtf8))
        {
            document.Claim(ref reader, header, null);
            return;
        }

        var isComplete = status.SequenceEqual("completed"u8) || status.SequenceEqual("amended"u8);
        Add(ref reader, header, document, isComplete, authored, answers.Answered, answers.Yes);

        // Of answers to other questionnaires hardly two are alike: their shapes would crowd out all others.
        var texts = new ResourceTexts(reader.Json.Source);
        if (answers.Learned is { Count: <= MostLearned } learned && reader.Learner(document) is { } shapes
            && header.TryPut(ref texts) && texts.TryPut(ReadText.AuthoredOn, authored))
        {
            shapes.Learn(reader.Json, texts, new ManifestationsShape(isComplete, [.. learned]));
        }
    }

    /// <summary>Reads answers of a known shape.</summary>
    public static void Read(in ResourceTexts texts, in Header header, ManifestationsShape shape, DocumentBuilder document)
    {
        var reader = default(ElementReader);
        var (answered, yes) = (0u, 0u);
        for (var i = 0; i < shape.Questions.Length; i++)
        {
            var question = shape.Questions[i];
            answered |= question;
            yes |= (texts.Yes >> i & 1) == 0 ? 0 : question;
        }

        Add(ref reader, header, document, shape.IsComplete, texts[ReadText.AuthoredOn], answered, yes);
    }

    private static void Add(
        ref ElementReader reader, in Header header, DocumentBuilder document, bool isComplete, ReadOnlySpan<byte> authored, uint answered, uint yes)
    {
        var name = document.Name(ref reader, header);
        var ordinal = document.Claim(ref reader, header, name);
        document.Manifestations.Add(new(
            name, null, document.Subject(ref reader, header), reader.Malformed, isComplete,
            !authored.IsGiven() ? default : FhirTimeParser.DateTime(authored), reader.Text(authored), answered, yes) { Ordinal = ordinal, VersionId = header.VersionId(reader) });
    }

    private static void ReadItems(ref ElementReader reader, Knowledge knowledge, ref Answers answers, int depth)
    {
        if (depth == DeepestGroup)
        {
            reader.Malformed = true;
            reader.Skip();
            return;
        }

        for (var entered = reader.EnterArray(); entered && reader.NextObject();)
        {
            var question = 0u;
            var given = new Given();
            while (reader.NextProperty())
            {
                if (reader.Is("linkId"u8))
                {
                    question = Question(knowledge, reader.String(), ref answers.Next);
                }
                else if (reader.Is("item"u8))
                {
                    ReadItems(ref reader, knowledge, ref answers, depth + 1);
                }
                else if (reader.Is("answer"u8))
                {
                    ReadAnswers(ref reader, knowledge, ref answers, ref given, depth);
                }
                else
                {
                    reader.Skip();
                }
            }

            answers.Take(question, given);
        }
    }

    private static void ReadAnswers(ref ElementReader reader, Knowledge knowledge, ref Answers answers, ref Given given, int depth)
    {
        for (var entered = reader.EnterArray(); entered && reader.NextObject();)
        {
            while (reader.NextProperty())
            {
                if (reader.Is("valueBoolean"u8))
                {
                    if (reader.Boolean() is { } yes)
                    {
                        given.Answer = yes || given.Answer == true;
                        reader.Shapes?.AnswerAt(reader.Json.Position);
                        given.Times++;
                        given.At = answers.Learned?.Count ?? 0;
                        answers.Learned?.Add(0);
                    }
                }
                else if (reader.Is("item"u8))
                {
                    ReadItems(ref reader, knowledge, ref answers, depth + 1);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }

    // Answers mostly stand in the order of the questions.
    private static uint Question(Knowledge knowledge, ReadOnlySpan<byte> linkId, ref int next)
    {
        var questions = knowledge.Manifestations;
        var count = questions.Count;
        for (var i = 0; i < count; i++)
        {
            var at = next + i < count ? next + i : next + i - count;
            if (Ascii.Equals(linkId, questions[at].LinkId))
            {
                next = at + 1;
                return 1u << at;
            }
        }

        return 0;
    }

    /// <summary>What one item answers.</summary>
    private struct Given
    {
        public bool? Answer;

        /// <summary>How often it answers yes or no.</summary>
        public int Times;

        /// <summary>Which of the answers that are learned its last one is.</summary>
        public int At;
    }

    private struct Answers
    {
        public uint Answered, Yes;

        /// <summary>The question that may come next; as many as there are behind the last.</summary>
        public int Next;

        /// <summary>The question of each answer in order, to be learned; null where that is not to be.</summary>
        public List<uint>? Learned;

        public void Take(uint question, in Given given)
        {
            if (given.Answer is not { } yes)
            {
                return;
            }

            Answered |= question;
            Yes |= yes ? question : 0;
            if (given.Times > 1)
            {
                // Which of them counts is for no shape to say.
                Learned = null;
            }
            else if (Learned is not null)
            {
                Learned[given.At] = question;
            }
        }
    }
}

/// <summary>What all answers of a shape have in common.</summary>
/// <param name="IsComplete">Whether they are complete.</param>
/// <param name="Questions">The question (as a bit; none where it is not asked for) of each answer in order.</param>
internal sealed record ManifestationsShape(bool IsComplete, uint[] Questions) : ResourceShape(ResourceType.QuestionnaireResponse)
{
    /// <inheritdoc/>
    public override void Read(in ResourceTexts texts, in Header header, DocumentBuilder document) => QuestionnaireResponseReader.Read(texts, header, this, document);
}
