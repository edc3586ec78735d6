namespace FhirMg.Screening.Worklist;

/// <summary>A row of the worklist while rows are sorted.</summary>
/// <param name="Order">What it is sorted by: the less, the more urgent.</param>
/// <param name="Patient">How outputs name the patient.</param>
/// <param name="Reason">Number of the reason.</param>
/// <param name="Low">Serum magnesium in ten-thousandths of mmol/L; -1 where the end is open or there is no value.</param>
/// <param name="High">The other end of it.</param>
internal readonly record struct SortedRow(long Order, string Patient, int Reason, int Low, int High);
