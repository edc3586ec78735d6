using System.Diagnostics;

namespace FhirMg.Service.Observability;

/// <summary>Takes out of spans what names a patient: the path and query of FHIR urls.</summary>
internal static class PlainUrl
{
    private static readonly string[] Tags = ["url.full", "url.path", "url.query", "http.url", "http.target"];

    /// <summary>Removes every tag that holds a url; host, method, route and status stay.</summary>
    public static void Strip(Activity activity)
    {
        foreach (var tag in Tags)
        {
            activity.SetTag(tag, null);
        }
    }
}
