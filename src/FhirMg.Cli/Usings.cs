global using ArtifactText = FhirMg.Reasoning.Reporting.ArtifactText;
global using Values = FhirMg.Reasoning.Reporting.ValuePhrases;
global using Words = FhirMg.Reasoning.Reporting.PhraseBook;
