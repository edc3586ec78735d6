namespace FhirMg.Screening.Worklist;

/// <summary>One patient who needs something.</summary>
/// <param name="Patient">How outputs name the patient.</param>
/// <param name="Reason">What is needed, and why.</param>
/// <param name="Low">Serum magnesium in mmol/L to four decimals; null where the end is open or there is no value.</param>
/// <param name="High">The other end of it.</param>
internal readonly record struct WorklistRow(string Patient, WorklistReason Reason, decimal? Low, decimal? High);
