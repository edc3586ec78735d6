using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Ehr;

/// <summary>What came of a hook.</summary>
/// <param name="Service">The id of the service that was asked; null when there is none for the hook.</param>
/// <param name="Sent">The request, without its token.</param>
/// <param name="Status">The HTTP status; 0 when nothing answered.</param>
/// <param name="Answer">The answer, or what went wrong.</param>
/// <param name="Milliseconds">How long the answer took.</param>
internal sealed record HookCall(string? Service, JsonObject? Sent, int Status, JsonNode? Answer, long Milliseconds);
