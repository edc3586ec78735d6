using System.Text;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>Reads answers to the manifestations questionnaire (SYM-1); answers to others are never named.</summary>
internal static class QuestionnaireResponseReader
{
    // Groups in groups are rare and never deep; deeper ones are a bomb.
    private const int DeepestGroup = 32;

    public static void Read(ref ElementReader reader, ref Header header, DocumentBuilder document)
    {
        ReadOnlySpan<byte> questionnaire = default, status = default, authored = default;
        var answers = new Answers();
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
        var relevant = (version < 0 ? questionnaire : questionnaire[..version]).SequenceEqual(document.QuestionnaireUrl);
        var name = relevant ? document.Name(ref reader, header) : null;
        var ordinal = document.Claim(ref reader, header, name);
        if (name is not null)
        {
            document.Manifestations.Add(new(
                name, null, document.Subject(ref reader, header), reader.Malformed,
                status.SequenceEqual("completed"u8) || status.SequenceEqual("amended"u8),
                !authored.IsGiven() ? default : FhirTimeParser.DateTime(authored), reader.Text(authored), answers.Answered, answers.Yes) { Ordinal = ordinal, VersionId = header.VersionId(reader) });
        }
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
            bool? answer = null;
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
                    ReadAnswers(ref reader, knowledge, ref answers, ref answer, depth);
                }
                else
                {
                    reader.Skip();
                }
            }

            if (answer is { } yes)
            {
                answers.Answered |= question;
                answers.Yes |= yes ? question : 0;
            }
        }
    }

    private static void ReadAnswers(ref ElementReader reader, Knowledge knowledge, ref Answers answers, ref bool? answer, int depth)
    {
        for (var entered = reader.EnterArray(); entered && reader.NextObject();)
        {
            while (reader.NextProperty())
            {
                if (reader.Is("valueBoolean"u8))
                {
                    answer = reader.Boolean() is { } given ? given || answer == true : answer;
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

    private struct Answers
    {
        public uint Answered, Yes;

        /// <summary>The question that may come next; as many as there are behind the last.</summary>
        public int Next;
    }
}
