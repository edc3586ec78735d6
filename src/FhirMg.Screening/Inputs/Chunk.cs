namespace FhirMg.Screening.Inputs;

/// <summary>Whole lines of a file, in a worker's buffer.</summary>
/// <param name="File">The file.</param>
/// <param name="Number">Number of the piece in its file, from 0.</param>
/// <param name="FirstLine">Number of its first line, from 1.</param>
/// <param name="Length">Bytes in the buffer.</param>
/// <param name="IsEnd">Whether its last line ends with the file and not with a line feed: it may be cut off.</param>
internal readonly record struct Chunk(PopulationFile File, int Number, long FirstLine, int Length, bool IsEnd);
