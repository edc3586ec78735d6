namespace FhirMg.Screening;

/// <summary>
/// Takes the patients of a run, one at a time, and makes a result of them. Called from one thread at a time and in the same order
/// whatever the number of threads, the memory, or the distribution of resources over files.
/// </summary>
public interface IResultSink : IDisposable
{
    /// <summary>Takes a patient. The assessment may be kept, but a population of them does not fit into memory.</summary>
    /// <exception cref="IOException">The result cannot be written; the run ends and can be resumed.</exception>
    void Add(in ScreenedPatient patient);

    /// <summary>After the last patient: brings the result to its end. Not called when the run is stopped or fails.</summary>
    /// <param name="outcome">What the run read and found.</param>
    void Complete(ScreeningOutcome outcome);
}
