namespace FhirMg.Sandbox.Loading;

/// <summary>A file of records to load.</summary>
/// <param name="Name">The name of the case: its folder, or the file's.</param>
/// <param name="Json">Its text.</param>
internal sealed record SampleCase(string Name, byte[] Json);

/// <summary>A patient of a case.</summary>
/// <param name="Id">The id on this server.</param>
/// <param name="Case">The case that the patient comes from.</param>
internal sealed record SamplePatient(string Id, string Case);
