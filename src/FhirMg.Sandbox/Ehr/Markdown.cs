using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace FhirMg.Sandbox.Ehr;

/// <summary>Renders the part of Markdown that cards use; all else stands as its own text, so nothing of a service becomes HTML.</summary>
internal static partial class Markdown
{
    public static string Html(string markdown)
    {
        var html = new StringBuilder();
        var list = "";
        var paragraph = new List<string>();
        void Close()
        {
            if (paragraph.Count > 0)
            {
                html.Append("<p>").AppendJoin("<br>", paragraph).Append("</p>");
                paragraph.Clear();
            }
        }

        void List(string wanted)
        {
            if (list != wanted)
            {
                Close();
                html.Append(list.Length > 0 ? $"</{list}>" : "").Append(wanted.Length > 0 ? $"<{wanted}>" : "");
                list = wanted;
            }
        }

        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()))
        {
            if (Item().Match(line) is { Success: true } item)
            {
                List(char.IsAsciiDigit(line[0]) ? "ol" : "ul");
                html.Append("<li>").Append(Inline(item.Groups[1].Value)).Append("</li>");
            }
            else if (line.Length == 0)
            {
                List("");
                Close();
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                List("");
                Close();
                html.Append("<p><strong>").Append(Inline(heading.Groups[1].Value)).Append("</strong></p>");
            }
            else
            {
                List("");
                paragraph.Add(Inline(line));
            }
        }

        List("");
        Close();
        return html.ToString();
    }

    private static string Inline(string text)
    {
        var encoded = HtmlEncoder.Default.Encode(Escape().Replace(text, "$1"));
        encoded = Link().Replace(encoded, """<a href="$2" rel="noopener noreferrer" target="_blank">$1</a>""");
        encoded = Bold().Replace(encoded, "<strong>$1</strong>");
        encoded = Emphasis().Replace(encoded, "<em>$1</em>");
        return Code().Replace(encoded, "<code>$1</code>");
    }

    [GeneratedRegex(@"^(?:[-*+]|\d+[.)])\s+(.*)$")]
    private static partial Regex Item();

    [GeneratedRegex(@"^#{1,6}\s+(.*)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\\([\\`*_{}\[\]()#+\-.!|<>~])")]
    private static partial Regex Escape();

    // Only http and https become links: the text was encoded before, so no quote can end the attribute.
    [GeneratedRegex(@"\[([^\[\]]+)\]\((https?://[^\s()]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Bold();

    [GeneratedRegex(@"(?<![\w*])[*_]([^*_]+)[*_](?![\w*])")]
    private static partial Regex Emphasis();

    [GeneratedRegex("(?:&#x60;|`)([^&`]+)(?:&#x60;|`)")]
    private static partial Regex Code();
}
