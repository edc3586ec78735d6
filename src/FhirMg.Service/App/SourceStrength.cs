namespace FhirMg.Service.App;

/// <summary>How strong a source is, in words.</summary>
internal static class SourceStrength
{
    /// <summary>The wording's code: the letters of the labels are those of the list of sources, which are the review and its references, sources outside of it, defaults of ours.</summary>
    public static string Of(string label) => label[0] switch
    {
        'A' => label.Length > 1 ? "page-strength-study" : "page-strength-review",
        'G' => "page-strength-general",
        _ => "page-strength-default",
    };
}
