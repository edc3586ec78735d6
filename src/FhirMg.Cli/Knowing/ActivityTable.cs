using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Cli.Knowing;

/// <summary>Medicines with their doses, and what else may be proposed.</summary>
internal static class ActivityTable
{
    public static void Add(Sheet sheet, Knowledge knowledge, Words words)
    {
        sheet.Heading(words["review-medicines"]);
        sheet.Table(
            [words["review-name"], words["review-dose"], words["review-usage"], words["review-sources"]],
            knowledge.Activities.Values.OrderBy(activity => activity.Medication is null).ThenBy(activity => activity.Id, StringComparer.Ordinal)
                .Select(activity => Row(activity, words)));
    }

    private static string[] Row(Activity activity, Words words) =>
    [
        $"{words.Of(activity.Title)}\n{activity.Kind}/{activity.Id}",
        string.Join('\n', new[] { ArtifactText.Dose(activity), activity.DoseBasis }.OfType<Text>().Select(words.Of)),
        activity.Usage is { } usage ? words.Of(usage) : "",
        string.Join(", ", ArtifactText.Each(activity.Json, "relatedArtifact").Select(source => source.GetProperty("label").GetString())),
    ];
}
