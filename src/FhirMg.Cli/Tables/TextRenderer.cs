using System.Text;
using Spectre.Console;

namespace FhirMg.Cli.Tables;

/// <summary>Lays a sheet out for a terminal or a text file of a given width.</summary>
internal static class TextRenderer
{
    private const int LabelWidth = 17;

    public static string Render(Sheet sheet, int width, bool color)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new()
        {
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        Grid? rows = null;
        foreach (var part in sheet.Parts)
        {
            if (part is SheetRow row)
            {
                Add(rows ??= NewGrid(), row);
                continue;
            }

            Flush(console, ref rows);
            Write(console, part);
        }

        Flush(console, ref rows);
        return WithoutTrailingSpaces(text.ToString());
    }

    private static void Write(IAnsiConsole console, SheetPart part)
    {
        switch (part)
        {
            case SheetTitle title:
                console.WriteLine();
                console.Write(new Rule { Style = Style(Tone.Strong), Border = BoxBorder.Double });
                WriteLine(console, new(title.Text, Tone.Strong));
                if (title.Beside is { } beside)
                {
                    WriteLine(console, new(beside, Tone.Faint));
                }

                break;
            case SheetHeading heading:
                console.WriteLine();
                console.Write(new Rule(Markup.Escape(Printable.Line(heading.Text))) { Justification = Justify.Left, Style = Style(Tone.Strong) });
                break;
            case SheetParagraph paragraph:
                WriteLine(console, paragraph.Line);
                break;
            case SheetTable table:
                console.Write(Of(table));
                break;
        }
    }

    private static void WriteLine(IAnsiConsole console, Line line)
    {
        console.Write(Of(line));
        console.WriteLine();
    }

    private static void Flush(IAnsiConsole console, ref Grid? rows)
    {
        if (rows is not null)
        {
            console.Write(rows);
            rows = null;
        }
    }

    private static Grid NewGrid() => new Grid { Expand = true }
        .AddColumn(new GridColumn { Width = LabelWidth, NoWrap = false, Padding = new(0, 0, 1, 0) })
        .AddColumn(new GridColumn { Padding = new(0, 0, 0, 0) });

    private static void Add(Grid grid, SheetRow row)
    {
        var label = row.Label;
        foreach (var line in row.Lines)
        {
            grid.AddRow(Of(label), Of(line));
            label = new Line("");
        }
    }

    private static Table Of(SheetTable table)
    {
        var drawn = new Table { Border = TableBorder.Square, Expand = true, ShowRowSeparators = true };
        foreach (var column in table.Columns)
        {
            drawn.AddColumn(new TableColumn(Of(new Line(column, Tone.Strong))));
        }

        foreach (var row in table.Rows)
        {
            drawn.AddRow(row.Select(Cell));
        }

        return drawn;
    }

    private static Text Cell(string text) => new(string.Join('\n', text.Split('\n').Select(Printable.Line)));

    private static Text Of(Line line) => new(Printable.Line(line.Text), Style(line.Tone));

    private static Style Style(Tone tone) => tone switch
    {
        Tone.Strong => new(decoration: Decoration.Bold),
        Tone.Faint => new(decoration: Decoration.Dim),
        Tone.Good => new(Color.Green),
        Tone.Caution => new(Color.Yellow),
        Tone.Alarm => new(Color.Red, decoration: Decoration.Bold),
        _ => Spectre.Console.Style.Plain,
    };

    private static string WithoutTrailingSpaces(string text)
    {
        var trimmed = new StringBuilder(text.Length);
        foreach (var line in text.AsSpan().TrimStart("\r\n").EnumerateLines())
        {
            trimmed.Append(line.TrimEnd(' ')).Append('\n');
        }

        var all = trimmed.ToString().TrimEnd('\n');
        return all.Length == 0 ? "" : $"{all}\n";
    }
}
