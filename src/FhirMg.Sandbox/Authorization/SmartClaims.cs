namespace FhirMg.Sandbox.Authorization;

/// <summary>The claims and response parameters of SMART.</summary>
internal static class SmartClaims
{
    public const string Patient = "patient";
    public const string Encounter = "encounter";
    public const string FhirUser = "fhirUser";
    public const string Intent = "intent";
    public const string AppContext = "appContext";
    public const string NeedPatientBanner = "need_patient_banner";
    public const string StyleUrl = "smart_style_url";
}
