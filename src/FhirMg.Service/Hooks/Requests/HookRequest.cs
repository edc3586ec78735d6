using FhirMg.Reasoning.Reading;

namespace FhirMg.Service.Hooks.Requests;

/// <summary>A call of a CDS service, as far as it is read at once: resources stay where they are in the body.</summary>
internal sealed class HookRequest
{
    public required string Hook { get; init; }

    /// <summary>Identifies the viewing or ordering that the call belongs to.</summary>
    public required string HookInstance { get; init; }

    /// <summary>The caller's FHIR base as given; null when it says none.</summary>
    public string? FhirServer { get; init; }

    /// <summary>What lets us read from it; null when not given.</summary>
    public FhirAuthorization? Authorization { get; init; }

    /// <summary>Whether an authorization was given that cannot be read: then it is not used, and nothing else in its stead.</summary>
    public bool AuthorizationIsUnreadable { get; init; }

    /// <summary>The patient's id, without its type.</summary>
    public required string PatientId { get; init; }

    /// <summary>Who looks, as a reference; null when not said.</summary>
    public string? UserId { get; init; }

    /// <summary>References of the drafts just chosen (order-select); empty where the hook has none.</summary>
    public IReadOnlyList<string> Selections { get; init; } = [];

    /// <summary>Where the draft orders are in the body; null when there are none.</summary>
    public Range? DraftOrders { get; init; }

    /// <summary>What was sent along, by key.</summary>
    public IReadOnlyDictionary<string, PrefetchedValue> Prefetch { get; init; } = new Dictionary<string, PrefetchedValue>();
}

/// <summary>What was sent along under one key.</summary>
/// <param name="Place">Where the value is in the body.</param>
/// <param name="Mark">Where its reading begins, for <see cref="JsonCursor.At"/>.</param>
/// <param name="Form">What it is.</param>
internal readonly record struct PrefetchedValue(Range Place, int Mark, PrefetchedForm Form);

/// <summary>What stands under a prefetch key.</summary>
internal enum PrefetchedForm
{
    /// <summary>The caller knows of nothing: there is none.</summary>
    Null,

    /// <summary>A resource, or what claims to be one.</summary>
    Object,

    /// <summary>Neither: as good as absent.</summary>
    Other,
}

/// <summary>An access token that comes with a call (<c>fhirAuthorization</c>).</summary>
/// <param name="AccessToken">The token; never logged.</param>
/// <param name="TokenType">Its type as given.</param>
/// <param name="ExpiresIn">Seconds that it lives from when the call was made; null when not said.</param>
/// <param name="Scope">Its scopes, separated by spaces.</param>
/// <param name="Subject">The client that it was issued to.</param>
/// <param name="Patient">The patient that it is limited to; null when it is not.</param>
internal sealed record FhirAuthorization(string AccessToken, string? TokenType, decimal? ExpiresIn, string? Scope, string? Subject, string? Patient);
