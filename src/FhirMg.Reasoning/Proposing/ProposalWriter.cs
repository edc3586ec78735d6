using System.Buffers;
using System.Collections.Concurrent;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using Hl7.Fhir.Model;
using Language = FhirMg.Reasoning.Knowing.Language;

namespace FhirMg.Reasoning.Proposing;

/// <summary>
/// Writes the transactions of many patients as JSON: the same bytes as <see cref="ProposalBundle"/> and the FHIR library give, from
/// templates of what patients have in common. Threads may share one.
/// </summary>
/// <param name="language">The language of texts; the other stands in the standard translation extension.</param>
public sealed class ProposalWriter(Language language)
{
    // So that no population fills the memory, all are forgotten when there are so many: the common ones are soon made again.
    private const int MostTemplates = 1_000;
    private static readonly ProposalWriter English = new(Language.English), Russian = new(Language.Russian);
    private readonly ConcurrentDictionary<Shape, ResourceTemplate> _templates = new();
    private int _count;

    /// <summary>The one that keeps its templates from one population to the next.</summary>
    public static ProposalWriter Shared(Language language) => language == Language.Russian ? Russian : English;

    /// <summary>Writes the transaction of one assessment, where nothing of it is there yet.</summary>
    public void Write(IBufferWriter<byte> output, Assessment assessment)
    {
        output.Write("{\"resourceType\":\"Bundle\",\"type\":\"transaction\""u8);
        if (ProposalBundle.CanBeReferredTo(assessment))
        {
            new ProposalEntries(output, new(assessment, language), Template).Write();
        }

        output.Write("}"u8);
    }

    private ResourceTemplate Template(Shape shape, Func<DomainResource> compose)
    {
        if (_templates.TryGetValue(shape, out var template))
        {
            return template;
        }

        if (Interlocked.Increment(ref _count) > MostTemplates)
        {
            _templates.Clear();
            Interlocked.Exchange(ref _count, 0);
        }

        return _templates.GetOrAdd(shape, ResourceTemplate.Of(compose()));
    }

    /// <summary>Everything that a resource's common part depends on.</summary>
    internal readonly record struct Shape(Knowledge Knowledge, string Type, Rule Rule, string What, RuleSet Notes, Deficiency Deficiency, Conclusion Conclusion, DateTimeOffset Recorded);

    /// <summary>What a RiskAssessment says.</summary>
    internal readonly record struct Conclusion(
        RuleSet Fired, RuleSet Candidates, RuleSet Proposed, RuleSet Notes, RuleSet NotChecked, SerumStatus Serum, RiskLevel Attack, RiskLevel Course, bool HasMigraine, bool Preliminary);
}
