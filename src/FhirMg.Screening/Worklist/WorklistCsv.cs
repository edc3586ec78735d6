using System.Buffers;
using System.Text;

namespace FhirMg.Screening.Worklist;

/// <summary>Writes <c>worklist.csv</c>: RFC 4180, UTF-8 with a byte order mark, since spreadsheets take Cyrillic for something else without one.</summary>
internal sealed class WorklistCsv : IDisposable
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<char> BeginsFormula = SearchValues.Create("=+-@\t\r\n");
    private readonly StreamWriter _writer;

    public WorklistCsv(Stream output)
    {
        _writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)) { NewLine = "\r\n" };
        Write(WorklistEntry.Columns);
    }

    public void Write(WorklistEntry entry) => Write(entry.Cells);

    public void Dispose() => _writer.Dispose();

    /// <summary>A cell: no spreadsheet reads it as a formula, and no character of it as the end of the cell.</summary>
    public static string Cell(string text)
    {
        text = text.AsSpan().TrimStart(' ') is [var first, ..] && BeginsFormula.Contains(first) ? $"'{text}" : text;
        return text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private void Write(IEnumerable<string> cells)
    {
        var separator = "";
        foreach (var cell in cells)
        {
            _writer.Write(separator);
            _writer.Write(Cell(cell));
            separator = ",";
        }

        _writer.WriteLine();
    }
}
