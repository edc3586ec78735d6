namespace FhirMg.Screening;

/// <summary>Where results are made before all of them appear at once in the output directory, so that nobody takes a half for a whole.</summary>
public sealed class ResultFolder
{
    private const int BufferBytes = 1 << 16;
    private readonly string _out;
    private readonly string _staging;
    private readonly List<string> _names = [];

    internal ResultFolder(string outDirectory, string staging)
    {
        (_out, _staging) = (outDirectory, staging);
        Directory.CreateDirectory(staging);
    }

    /// <summary>Begins a result.</summary>
    /// <param name="fileName">Its name in the output directory, e.g. <c>worklist.csv</c>.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public FileStream Create(string fileName)
    {
        _names.Add(fileName);
        return new(Path.Combine(_staging, fileName), FileMode.Create, FileAccess.ReadWrite, FileShare.Read, BufferBytes);
    }

    /// <summary>Makes a file that holds what does not fit into memory; it is gone when it is closed.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal FileStream Scratch(string fileName) =>
        new(Path.Combine(_staging, fileName), FileMode.Create, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.DeleteOnClose);

    /// <summary>Moves every result to its place; all streams are closed.</summary>
    internal void Publish()
    {
        foreach (var name in _names)
        {
            File.Move(Path.Combine(_staging, name), Path.Combine(_out, name), overwrite: true);
        }
    }
}
