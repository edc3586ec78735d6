namespace FhirMg.Cli.Tables;

/// <summary>A text for people before it is known where it is shown: headings, labelled rows and tables, in order.</summary>
internal sealed class Sheet
{
    private readonly List<SheetPart> _parts = [];

    public IReadOnlyList<SheetPart> Parts => _parts;

    public void Title(string text, string? beside = null) => _parts.Add(new SheetTitle(text, beside));

    public void Heading(string text) => _parts.Add(new SheetHeading(text));

    public void Paragraph(string text, Tone tone = Tone.Plain) => _parts.Add(new SheetParagraph(new(text, tone)));

    public void Row(string label, params IEnumerable<Line> lines) => Row(label, Tone.Plain, lines);

    public void Row(string label, Tone tone, params IEnumerable<Line> lines) => _parts.Add(new SheetRow(new(label, tone), [.. lines]));

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) => _parts.Add(new SheetTable(columns, [.. rows]));
}

/// <summary>A piece of text with its tone.</summary>
internal sealed record Line(string Text, Tone Tone = Tone.Plain);

/// <summary>One part of a sheet.</summary>
internal abstract record SheetPart;

/// <summary>Where something new begins, such as a patient.</summary>
internal sealed record SheetTitle(string Text, string? Beside) : SheetPart;

/// <summary>The heading of a section.</summary>
internal sealed record SheetHeading(string Text) : SheetPart;

/// <summary>Text over the whole width.</summary>
internal sealed record SheetParagraph(Line Line) : SheetPart;

/// <summary>Lines of text beside a label.</summary>
internal sealed record SheetRow(Line Label, IReadOnlyList<Line> Lines) : SheetPart;

/// <summary>A table with headed columns.</summary>
internal sealed record SheetTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : SheetPart;
