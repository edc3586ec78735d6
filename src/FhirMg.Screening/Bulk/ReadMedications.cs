using System.Globalization;
using System.Text.Json;

namespace FhirMg.Screening.Bulk;

/// <summary>The Medications that were read one by one: a file for each export that lacked them. Each is on disk as soon as it is read.</summary>
internal sealed class ReadMedications(ExportFolder folder)
{
    private const string Suffix = "-Medication-read.ndjson";
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _earlier = new(StringComparer.Ordinal);
    private string _path = null!;

    /// <summary>Whether any was read for this export.</summary>
    public bool AnyRead => _read.Count > 0;

    /// <summary>Whether a file is one of these.</summary>
    public static bool IsOne(string fileName) => fileName.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Finds what is there, and takes out what a run that broke off had not written to its end.</summary>
    /// <param name="ordinal">Number of the export among those whose files the directory holds.</param>
    public void Load(int ordinal)
    {
        _path = folder.PathOf(string.Create(CultureInfo.InvariantCulture, $"{ordinal:D4}{Suffix}"));
        foreach (var path in Directory.GetFiles(folder.Files, $"*{Suffix}"))
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            var whole = 0L;
            NdjsonFile.EachLine(path, ScreeningOptions.DefaultLongestLine, line =>
            {
                if (IsWhole(line) && NdjsonFile.NameOf(line) is { } name)
                {
                    names.Add(name);
                    whole += line.Length + 1;
                }
            });
            if (path != _path)
            {
                _earlier[path] = names;
                continue;
            }

            _read.UnionWith(names);
            if (whole != new FileInfo(path).Length)
            {
                Rewrite(path, line => IsWhole(line) && NdjsonFile.NameOf(line) is not null);
            }
        }
    }

    /// <summary>Whether it was read for this export.</summary>
    public bool IsRead(string name) => _read.Contains(name);

    /// <summary>Whether it was read for an earlier export, and not for this one.</summary>
    public bool IsOfEarlier(string name) => !IsRead(name) && _earlier.Values.Any(names => names.Contains(name));

    /// <summary>Opens this export's file, for lines that are written at once.</summary>
    public FileStream Append() => new(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>One was written.</summary>
    public void Add(string name) => _read.Add(name);

    /// <summary>Takes out of what was read for earlier exports what was read again, and what is no more.</summary>
    /// <param name="gone"><c>Medication/id</c> of what is no more.</param>
    public void DropEarlier(IReadOnlySet<string> gone)
    {
        foreach (var (path, names) in _earlier)
        {
            if (names.RemoveWhere(name => gone.Contains(name) || IsRead(name)) > 0)
            {
                Rewrite(path, line => NdjsonFile.NameOf(line) is { } name && names.Contains(name));
            }
        }
    }

    private void Rewrite(string path, Predicate<ReadOnlySpan<byte>> stays)
    {
        var rest = folder.PartOf(Path.GetFileName(path));
        using (var target = new FileStream(rest, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            NdjsonFile.EachLine(path, ScreeningOptions.DefaultLongestLine, line =>
            {
                if (stays(line))
                {
                    target.Write(line);
                    target.WriteByte((byte)'\n');
                }
            });
        }

        File.Move(rest, path, overwrite: true);
    }

    private static bool IsWhole(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
