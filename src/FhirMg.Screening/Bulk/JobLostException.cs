using System.Diagnostics.CodeAnalysis;

namespace FhirMg.Screening.Bulk;

/// <summary>The server no longer knows the job.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown and caught in this folder alone.")]
[SuppressMessage("Design", "CA1064", Justification = "Thrown and caught in this folder alone.")]
internal sealed class JobLostException(string said) : Exception(said);
