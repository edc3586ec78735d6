using System.Buffers;
using System.Text;

namespace FhirMg.Screening.Results;

/// <summary>The results that the engine makes itself: reports, proposals, and what could not be used.</summary>
internal sealed class OwnResults(ResultFolder folder) : IDisposable
{
    private readonly FileStream _reports = folder.Create("reports.ndjson");
    private readonly FileStream _proposals = folder.Create("proposals.ndjson");
    private readonly StreamWriter _setAside = Csv(folder.Create("set-aside.csv"));

    /// <summary>Rows of <c>set-aside.csv</c> so far.</summary>
    public long SetAside { get; private set; }

    public void Add(PatientBatch batch)
    {
        _reports.Write(batch.Reports.WrittenSpan);
        _proposals.Write(batch.Proposals.WrittenSpan);
        batch.SetAside.ForEach(Add);
    }

    public void Add(SetAsideRow row)
    {
        SetAside++;
        Write(row.Source, row.Line?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "", row.Resource, row.Reason, row.Unit, row.Detail);
    }

    public void Dispose()
    {
        // On a full disk the last bytes of one cannot be written; the others are closed all the same.
        using (_reports)
        using (_proposals)
        {
            _setAside.Dispose();
        }
    }

    private static StreamWriter Csv(FileStream file)
    {
        var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\r\n" };
        writer.WriteLine("source,line,resource,reason,unit,detail");
        return writer;
    }

    private void Write(params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            _setAside.Write(i == 0 ? "" : ",");
            _setAside.Write(Quoted(fields[i]));
        }

        _setAside.WriteLine();
    }

    // RFC 4180; and what a spreadsheet would run as a formula is text to it.
    private static string Quoted(string field)
    {
        var text = field.Length > 0 && field[0] is '=' or '+' or '-' or '@' or '\t' ? "'" + field : field;
        return text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");
}
