using FhirMg.Cli.Knowing;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli;

/// <summary>A hospital's own code in a value set.</summary>
internal sealed record AdditionalCode(string ValueSet, string System, string Code);

/// <summary>The knowledge with a site's codes and without the rules that it has switched off.</summary>
internal static class SiteKnowledge
{
    /// <summary>Loads it.</summary>
    /// <exception cref="UsageException">A value set is unknown, or a rule cannot be switched off.</exception>
    /// <exception cref="KnowledgeException">The knowledge itself cannot be used.</exception>
    public static Knowledge Load(string? folder, IReadOnlyList<AdditionalCode> codes, RuleSet disabled)
    {
        var knowledge = KnowledgeFolder.Load(folder);
        try
        {
            return codes.Aggregate(knowledge, (known, code) => known.WithCode(code.ValueSet, code.System, code.Code)).Without(disabled);
        }
        catch (KnowledgeException e)
        {
            throw new UsageException(e.Message, e);
        }
    }
}
