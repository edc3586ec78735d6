using Microsoft.Extensions.Primitives;

namespace FhirMg.Sandbox.Ehr;

/// <summary>What is told to the app at a launch, as it was chosen on the page.</summary>
/// <param name="Encounter">The id of an encounter; empty for none; null for the one in progress.</param>
/// <param name="Intent">The intent; null or empty for none.</param>
/// <param name="Banner">Whether the app says who the patient is; null: in a tab it does, in a frame the page does.</param>
internal sealed record LaunchChoice(string? Encounter, string? Intent, bool? Banner)
{
    public static LaunchChoice Of(HttpContext context)
    {
        static string? First(StringValues values) => values is [var first, ..] ? first : null;
        var query = context.Request.Query;
        return new(First(query["encounter"]), First(query["intent"]), bool.TryParse(First(query["banner"]), out var banner) ? banner : null);
    }

    /// <summary>The parameters of <c>/ehr/launch</c> that say the same.</summary>
    public string Query(bool framed) =>
        $"{(Encounter is null ? "" : $"&encounter={Uri.EscapeDataString(Encounter)}")}{(string.IsNullOrEmpty(Intent) ? "" : $"&intent={Uri.EscapeDataString(Intent)}")}&banner={(Banner ?? !framed ? "true" : "false")}";
}
