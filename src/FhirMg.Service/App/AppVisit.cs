using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;
using FhirMg.Service.Sessions;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.App;

/// <summary>One request of a person to the page of their launch.</summary>
/// <param name="Session">The launch.</param>
/// <param name="Tenant">The hospital that it is at.</param>
/// <param name="Words">The words of the page, in the language of the person.</param>
/// <param name="Draft">What the person has filled in and not sent, and what was done just now.</param>
internal sealed record AppVisit(AppSession Session, Tenant Tenant, PhraseBook Words, Draft Draft)
{
    /// <summary>The language of the page.</summary>
    public Language Language => Words.Language;

    /// <summary>The other language that there is.</summary>
    public Language OtherLanguage => Language == Language.Russian ? Language.English : Language.Russian;
}
