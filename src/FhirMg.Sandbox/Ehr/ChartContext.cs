namespace FhirMg.Sandbox.Ehr;

/// <summary>Whose chart is open, and who has opened it; ids.</summary>
internal sealed record ChartContext(string Patient, string Practitioner, string? Encounter);
