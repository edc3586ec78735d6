using System.Security.Cryptography;
using System.Text;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Screening.Running;

/// <summary>A short text that changes when knowledge reads facts otherwise.</summary>
internal static class KnowledgePrint
{
    public static string Of(Knowledge knowledge)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(knowledge.Canonical);
        Add(typeof(KnowledgePrint).Assembly.GetName().Version!.ToString());
        foreach (var artifact in knowledge.Artifacts)
        {
            Add(artifact.GetRawText());
        }

        foreach (var set in knowledge.ValueSetTitles.Keys.Order(StringComparer.Ordinal))
        {
            Add(set);
            foreach (var code in knowledge.CodesOf(set))
            {
                Add(code.ToString());
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }
}
