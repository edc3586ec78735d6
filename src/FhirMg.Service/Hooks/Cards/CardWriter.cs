using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;

namespace FhirMg.Service.Hooks.Cards;

/// <summary>What a response needs beside its cards.</summary>
/// <param name="HookInstance">The call.</param>
/// <param name="ServiceId">The service called.</param>
/// <param name="Patient">Digest of tenant and patient, see <see cref="Store.PatientDigest"/>.</param>
/// <param name="PublicUrl">Where others reach this service, without a slash at the end.</param>
/// <param name="HasApp">Whether the tenant's EHR can launch our app.</param>
/// <param name="MaySuggest">Whether anything may be suggested (write policy).</param>
internal sealed record CardSetting(string HookInstance, string ServiceId, long Patient, string PublicUrl, bool HasApp, bool MaySuggest);

/// <summary>Writes the response of a CDS service (CDS Hooks 2.0): no member is null or empty.</summary>
/// <remarks>Byte by byte, for its form is fixed and little of it is of one call: that costs a third of what a writer that keeps track of its place does.</remarks>
internal sealed class CardWriter
{
    private const int UuidLength = 36;
    private readonly PooledOutput _output;
    private readonly CardFrame _frame;
    private readonly SuggestedRequests _requests;
    private readonly CardSetting _setting;
    private readonly Assessment _assessment;
    private readonly ulong _call;

    private CardWriter(PooledOutput output, Assessment assessment, Language language, CardSetting setting)
    {
        _output = output;
        _frame = CardFrame.Of(assessment.Knowledge, language, setting.PublicUrl);
        _requests = new(assessment, language);
        (_assessment, _setting) = (assessment, setting);
        _call = CardId.CallOf(setting.HookInstance, setting.ServiceId);
    }

    public static void Write(PooledOutput output, IReadOnlyList<Card> cards, Assessment assessment, Language language, CardSetting setting) =>
        new CardWriter(output, assessment, language, setting).Write(cards);

    private void Write(IReadOnlyList<Card> cards)
    {
        Raw("{\"cards\":["u8);
        for (var i = 0; i < cards.Count; i++)
        {
            Raw(i == 0 ? "{\"uuid\":"u8 : ",{\"uuid\":"u8);
            Write(cards[i]);
        }

        Raw("]}"u8);
    }

    private void Write(Card card)
    {
        var id = new CardId(card.Rule, _assessment.Deficiency, _frame.Version, _setting.Patient);
        var uuid = id.In(_call, card.Part is { } part ? CardId.PartOf(part) : 0);
        Uuid("\""u8, uuid, "\""u8);
        Raw(",\"summary\":"u8);
        JsonText.Write(_output, card.Summary);
        Raw(",\"detail\":"u8);
        Raw(card.Detail);
        Raw(",\"indicator\":"u8);
        Raw(card.Indicator switch
        {
            Indicator.Critical => "\"critical\""u8,
            Indicator.Warning => "\"warning\""u8,
            _ => "\"info\""u8,
        });
        Raw(",\"source\":"u8);
        Raw(_frame.Source(card.Topic));
        if (card.Suggestions.Length > 0 && _setting.MaySuggest)
        {
            Raw(card.IsChoice ? ",\"selectionBehavior\":\"at-most-one\",\"suggestions\":["u8 : ",\"selectionBehavior\":\"any\",\"suggestions\":["u8);
            for (var i = 0; i < card.Suggestions.Length; i++)
            {
                Raw(i == 0 ? default : ","u8);
                Write(card.Suggestions[i], id);
            }

            Raw("]"u8);
        }

        // What could not be read is no recommendation that somebody could override.
        if (card.Rule is not null)
        {
            Raw(",\"overrideReasons\":"u8);
            Raw(_frame.OverrideReasons);
        }

        WriteLinks(card, uuid);
        Raw("}"u8);
    }

    private void Write(Suggestion suggestion, CardId card)
    {
        var frame = _frame.Suggestion(suggestion.Activity);
        var id = card with { Rule = suggestion.Proposal.Rule };
        Uuid(frame.Beginning, id.In(_call, frame.Part), suggestion.IsRecommended ? "\",\"isRecommended\":true,"u8 : "\",\"isRecommended\":false,"u8);
        Raw(frame.Action);
        _requests.Write(_output, suggestion.Proposal, suggestion.Activity);
        Raw("}]}"u8);
    }

    private void WriteLinks(Card card, Guid uuid)
    {
        Raw(",\"links\":["u8);
        if (_setting.HasApp)
        {
            Raw(_frame.AppLink);
            JsonText.Write(_output, $$"""{"rule":"{{card.RuleId}}","card":"{{uuid}}"}""");
            Raw("},"u8);
        }

        Raw(_frame.RulesLink);
        Raw("]"u8);
    }

    private void Uuid(ReadOnlySpan<byte> before, Guid uuid, ReadOnlySpan<byte> after)
    {
        Raw(before);
        uuid.TryFormat(_output.GetSpan(UuidLength), out var written);
        _output.Advance(written);
        Raw(after);
    }

    private void Raw(ReadOnlySpan<byte> json) => _output.Write(json);
}
