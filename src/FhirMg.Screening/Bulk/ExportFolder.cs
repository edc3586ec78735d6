using System.Globalization;

namespace FhirMg.Screening.Bulk;

/// <summary>The files of a population on disk, for nobody else to read; which of them are whole is kept in a journal.</summary>
internal sealed class ExportFolder : IDisposable
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string JournalName = "fetched.log";
    private FileStream? _lock;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _whole = new(StringComparer.Ordinal);
    private StreamWriter? _journal;

    private ExportFolder(string root) => (Root, Files) = (root, Path.Combine(root, "files"));

    /// <summary>The directory with state and journal.</summary>
    public string Root { get; }

    /// <summary>The directory with NDJSON alone.</summary>
    public string Files { get; }

    /// <exception cref="ScreeningException">It cannot be made, or another run uses it.</exception>
    public static ExportFolder Open(string root)
    {
        ExportFolder? folder = null;
        try
        {
            folder = new(root);
            Make(root);
            Make(folder.Files);
            folder._lock = new(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            folder.ReadJournal();
            var opened = folder;
            folder = null;
            return opened;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScreeningException($"{root}: the export cannot be kept here: {e.Message} Check that it can be written, and that no other run uses it", e);
        }
        finally
        {
            folder?.Dispose();
        }
    }

    /// <summary>Forgets all files.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _journal?.Dispose();
            _journal = null;
            File.Delete(Path.Combine(Root, JournalName));
            _whole.Clear();
            if (Directory.Exists(Files))
            {
                Directory.Delete(Files, recursive: true);
            }

            Make(Files);
        }
    }

    /// <summary>Path of a file; a part of it lies beside it under <c>.part</c>, out of the readers' sight.</summary>
    public string PathOf(string name) => Path.Combine(Files, name);

    /// <summary>Path of what has come of a file that is not whole yet.</summary>
    public string PartOf(string name) => Path.Combine(Root, $"{name}.part");

    /// <summary>Whether the file is whole, as it was when it was fetched.</summary>
    public bool IsWhole(string name)
    {
        lock (_gate)
        {
            return _whole.TryGetValue(name, out var size) && new FileInfo(PathOf(name)) is { Exists: true } file && file.Length == size;
        }
    }

    /// <summary>Puts a fetched file in its place, and remembers that it is whole.</summary>
    public void Accept(string name, string fetched)
    {
        var size = new FileInfo(fetched).Length;
        File.Move(fetched, PathOf(name), overwrite: true);
        lock (_gate)
        {
            _journal ??= new(Path.Combine(Root, JournalName), append: true) { AutoFlush = true };
            _journal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size} {name}"));
            _whole[name] = size;
        }
    }

    /// <summary>Files and their bytes.</summary>
    public (int Count, long Bytes) Size()
    {
        var files = new DirectoryInfo(Files).GetFiles();
        return (files.Length, files.Sum(file => file.Length));
    }

    public void Dispose()
    {
        _journal?.Dispose();
        _lock?.Dispose();
    }

    private static void Make(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, Mine);
        }
    }

    private void ReadJournal()
    {
        var path = Path.Combine(Root, JournalName);
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && long.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                _whole[line[(space + 1)..]] = size;
            }
        }
    }
}
