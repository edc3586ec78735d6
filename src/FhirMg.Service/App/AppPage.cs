using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Service.App;

/// <summary>What stands around every page.</summary>
/// <param name="Words">The words, in the language of the person.</param>
/// <param name="Root">Path of the app, with the path base.</param>
/// <param name="Session">Path of the launch's page; null where there is no launch.</param>
/// <param name="FormToken">Proves that a form was sent from here; null where there is no launch.</param>
internal sealed record AppFrame(PhraseBook Words, string Root, string? Session = null, string? FormToken = null)
{
    /// <summary>The language as HTML writes it.</summary>
    public string Language => Words.Language == Reasoning.Knowing.Language.Russian ? "ru" : "en";
}

/// <summary>The page of a launch: everything about one patient.</summary>
internal sealed record AppPage
{
    /// <summary>The request.</summary>
    public required AppVisit Visit { get; init; }

    /// <summary>What stands around the page.</summary>
    public required AppFrame Frame { get; init; }

    /// <summary>What is concluded.</summary>
    public required Assessment Assessment { get; init; }

    /// <summary>The patient (<c>Patient/id</c>) whose record is open in the EHR and was merged into the one assessed; null when they are one.</summary>
    public string? Asked => $"Patient/{Visit.Session.Patient}" is var asked && asked != Assessment.Features.Patient ? asked : null;

    /// <summary>Who the patient is; null where the EHR shows it.</summary>
    public PatientBanner? Patient { get; init; }

    /// <summary>What could not be read, and what the server said beside its data.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What is proposed, with what the server holds of it.</summary>
    public required IReadOnlyList<ProposalView> Proposals { get; init; }

    /// <summary>What was decided earlier about proposals that no longer stand.</summary>
    public required IReadOnlyList<OursOnServer> Earlier { get; init; }

    /// <summary>Conditions that suggest an answer, by question.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Prefill { get; init; }

    /// <summary>Whether answers can be saved at the server.</summary>
    public required bool CanSaveAnswers { get; init; }

    /// <summary>Names the next giving of answers, so that a form sent twice is saved once.</summary>
    public required string AnswersName { get; init; }

    /// <summary>The words.</summary>
    public PhraseBook Words => Visit.Words;

    /// <summary>Values as people read them.</summary>
    public ValuePhrases Values => new(Assessment.Knowledge, Words);
}
