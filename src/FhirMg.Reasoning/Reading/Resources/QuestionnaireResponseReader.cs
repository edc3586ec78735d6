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
                    question = Question(knowledge, reader.String());
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

    private static uint Question(Knowledge knowledge, ReadOnlySpan<byte> linkId)
    {
        for (var i = 0; i < knowledge.Manifestations.Count; i++)
        {
            if (Ascii.Equals(linkId, knowledge.Manifestations[i].LinkId))
            {
                return 1u << i;
            }
        }

        return 0;
    }

    private struct Answers
    {
        public uint Answered, Yes;
    }
}
