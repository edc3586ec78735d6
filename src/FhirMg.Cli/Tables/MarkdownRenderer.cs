using System.Text;

namespace FhirMg.Cli.Tables;

/// <summary>Writes a sheet as Markdown, to be sent to a reviewer.</summary>
internal static class MarkdownRenderer
{
    public static string Render(Sheet sheet)
    {
        var text = new StringBuilder();
        foreach (var part in sheet.Parts)
        {
            text.Append(part switch
            {
                SheetTitle title => $"# {Escape(title.Text)}\n\n{(title.Beside is { } beside ? $"{Escape(beside)}\n\n" : "")}",
                SheetHeading heading => $"## {Escape(heading.Text)}\n\n",
                SheetParagraph paragraph => $"{Escape(paragraph.Line.Text)}\n\n",
                SheetRow row => $"**{Escape(row.Label.Text)}** {string.Join("<br>", row.Lines.Select(line => Escape(line.Text)))}\n\n",
                SheetTable table => Render(table),
                _ => "",
            });
        }

        return $"{text.ToString().TrimEnd('\n')}\n";
    }

    private static string Render(SheetTable table)
    {
        var text = new StringBuilder();
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(Escape)).Append(" |\n|").Insert(text.Length, " --- |", table.Columns.Count).Append('\n');
        foreach (var row in table.Rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(Escape)).Append(" |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Escape(string text) => string.Join("<br>", text.Split('\n').Select(line => EscapeLine(Printable.Line(line))));

    private static string EscapeLine(string line) => line.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
