namespace FhirMg.Screening.Bulk;

/// <summary>What an export is doing.</summary>
public enum ExportPhase
{
    /// <summary>Another export of the server is waited for, or the server is asked to begin.</summary>
    Starting,

    /// <summary>The server prepares the files.</summary>
    Preparing,

    /// <summary>Files are fetched.</summary>
    Downloading,

    /// <summary>Medications that the export lacks are read one by one.</summary>
    Medications,

    /// <summary>Patients are searched one by one, at a server that does not export.</summary>
    Searching,
}

/// <summary>How far an export has come.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Done">Files, Medications or patients done.</param>
/// <param name="Total">How many there are; null while nobody knows.</param>
/// <param name="Bytes">Bytes fetched so far.</param>
/// <param name="Said">What the server says of its progress (<c>X-Progress</c>); null when it says nothing.</param>
public readonly record struct ExportProgress(ExportPhase Phase, long Done = 0, long? Total = null, long Bytes = 0, string? Said = null);
