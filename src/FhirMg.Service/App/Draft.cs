using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMg.Service.App;

/// <summary>What a page keeps between two requests: it outlives a new sign-in, so that nothing typed is lost.</summary>
internal sealed record Draft
{
    private static readonly Draft Empty = new();

    /// <summary>Answers filled in and not saved yet, by <c>linkId</c>; empty for none.</summary>
    public IReadOnlyDictionary<string, bool> Answers { get; init; } = new Dictionary<string, bool>();

    /// <summary>A decision filled in and not written yet; null for none.</summary>
    public DraftDecision? Decision { get; init; }

    /// <summary>What was done just now; shown once. Null for nothing.</summary>
    public Notice? Notice { get; init; }

    /// <summary>Answers given in this session, as a QuestionnaireResponse: counted also while the server's search does not list it. Null for none.</summary>
    public JsonObject? Answered { get; init; }

    /// <summary>Reads what a session keeps; nothing when it keeps nothing, or what another version of this service kept.</summary>
    public static Draft Read(string? text)
    {
        try
        {
            return text is null ? Empty : JsonSerializer.Deserialize<Draft>(text, JsonSerializerOptions.Web) ?? Empty;
        }
        catch (JsonException)
        {
            return Empty;
        }
    }

    /// <summary>The draft as a session keeps it.</summary>
    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}

/// <summary>A decision about a proposal that is filled in and not written yet.</summary>
/// <param name="Proposal">The proposal's identifier.</param>
/// <param name="IsAccepted">Whether it is to be accepted; else rejected.</param>
/// <param name="Dose">The dose in words; null where none was written.</param>
/// <param name="Reason">Code of the reason to reject it; null for none.</param>
/// <param name="Comment">The reason in own words; null for none.</param>
internal sealed record DraftDecision(string Proposal, bool IsAccepted, string? Dose, string? Reason, string? Comment);

/// <summary>Something said once at the top of the page.</summary>
/// <param name="Code">Code of the wording.</param>
/// <param name="IsProblem">Whether something could not be done.</param>
/// <param name="Words">What fills the places of the wording.</param>
internal sealed record Notice(string Code, bool IsProblem, params IReadOnlyList<string> Words);
