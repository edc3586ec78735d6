using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;

namespace FhirMg.Fhir.Writing;

/// <summary>What people have decided about proposals of ours, as far as it still counts.</summary>
/// <param name="ours">What is on the server.</param>
/// <param name="assessment">What is concluded now.</param>
/// <param name="asOf">Now.</param>
/// <param name="overridden">What people have overridden in feedback.</param>
internal sealed class History(IReadOnlyList<OursOnServer> ours, Assessment assessment, DateTimeOffset asOf, IReadOnlyList<OverriddenCard> overridden)
{
    // Whatever is not among them comes before them.
    private static readonly Deficiency[] Worsening = [Deficiency.Possible, Deficiency.LatentSuspected, Deficiency.Confirmed];

    private readonly List<(OursOnServer Loser, OursOnServer Standing)> _duplicates = [.. Writing.Duplicates.Find(ours)];
    private List<OursOnServer>? _standing;

    /// <summary>What was written twice at once.</summary>
    public IReadOnlyList<(OursOnServer Loser, OursOnServer Standing)> Duplicates => _duplicates;

    /// <summary>Ours, without what was written twice.</summary>
    public IReadOnlyList<OursOnServer> Ours => _standing ??= [.. ours.Except(_duplicates.Select(pair => pair.Loser))];

    private TimeSpan Silence => assessment.Knowledge.Thresholds.RejectSilence;

    /// <summary>The newest of ours with that identifier; an open one before a closed one.</summary>
    public OursOnServer? Find(string type, string identifier) => Ours
        .Where(one => one.Type == type && one.Identifier == identifier && one.Standing != Standing.Duplicate)
        .OrderBy(one => IsClosed(one)).ThenBy(one => one.Standing).ThenBy(one => one.LastUpdated).ThenBy(one => one.Id, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Whether the way is free for a new proposal with the same content.</summary>
    public bool IsClosed(OursOnServer one) => one.Standing switch
    {
        Standing.Withdrawn => true,
        Standing.Rejected => !IsSilencing(one),
        Standing.Accepted => IsOver(one),
        _ => false,
    };

    /// <summary>The decision that makes a proposal needless: it, or another of its choice, was accepted; or somebody is at work on it.</summary>
    public OursOnServer? DecisionOn(Wanted wanted) => Ours.FirstOrDefault(one => Decides(one, wanted.Type, wanted.Rule, wanted.Slot));

    /// <summary>The same for a proposal that is there.</summary>
    public OursOnServer? DecisionOn(OursOnServer proposal) =>
        Ours.FirstOrDefault(one => one != proposal && Decides(one, proposal.Type, proposal.Rule, proposal.Slot));

    /// <summary>The rejection that still asks for silence about a proposal.</summary>
    public OursOnServer? SilenceOn(Wanted wanted) => Ours.FirstOrDefault(one => one.Slot == wanted.Slot && IsSilencing(one));

    /// <summary>Whether an overridden card still asks for silence about a proposal.</summary>
    public bool IsOverridden(Wanted wanted) => overridden.Any(card => card.Rule == wanted.Rule && IsSilencing(card.When, card.Class));

    /// <summary>Whether the same was proposed before.</summary>
    public bool WasProposed(Wanted wanted) => Ours.Any(one => one.Slot == wanted.Slot);

    private bool Decides(OursOnServer one, string type, Rule? rule, string slot) => one.Standing switch
    {
        Standing.Accepted => !IsOver(one) && (one.Slot == slot || IsSameChoice(one, type, rule, slot)),
        Standing.Changed => WrittenTypes.IsProposal(one.Type) && one.Slot == slot,
        _ => false,
    };

    private static bool IsSameChoice(OursOnServer one, string type, Rule? rule, string slot) =>
        one.Type == "MedicationRequest" && type is "MedicationRequest" or "RequestGroup"
        && one.Rule is { } accepted && rule is { } asked && Choice.Of(accepted).Contains(asked)
        && Attack(one.Slot) == Attack(slot);

    // What was carried out long ago decides nothing about today.
    private bool IsOver(OursOnServer one) => one.Status == "completed" && asOf - (one.LastUpdated ?? asOf) >= Silence;

    private bool IsSilencing(OursOnServer one) =>
        one.Standing == Standing.Rejected && IsSilencing(one.LastUpdated ?? asOf, one.Class ?? Deficiency.Confirmed);

    private bool IsSilencing(DateTimeOffset when, Deficiency then) => asOf - when < Silence && Rank(assessment.Deficiency) <= Rank(then);

    private static string Attack(string slot) => slot[(slot.LastIndexOf('|') + 1)..];

    private static int Rank(Deficiency deficiency) => Array.IndexOf(Worsening, deficiency);
}
