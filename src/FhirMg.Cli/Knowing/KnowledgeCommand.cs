using System.CommandLine;
using System.Text;
using FhirMg.Cli.Tables;

namespace FhirMg.Cli.Knowing;

/// <summary><c>fhirmg knowledge</c>: the whole knowledge as a table for review.</summary>
internal static class KnowledgeCommand
{
    public static Command Create()
    {
        var language = CommonOptions.Language();
        var folder = CommonOptions.Knowledge();
        var format = CommonOptions.Format("table for a terminal, markdown to send to a reviewer.", "table", "markdown");
        var output = CommonOptions.Output();
        var command = new Command("knowledge", "Shows the clinical knowledge for review: rules, intervals, doses, codes and sources.") { language, folder, format, output };
        command.SetAction(parsed =>
        {
            var knowledge = KnowledgeFolder.Load(parsed.GetValue(folder));
            var sheet = KnowledgeSheet.Of(knowledge, new(knowledge, CommonOptions.LanguageOf(parsed.GetValue(language)!)));
            var file = parsed.GetValue(output);
            var text = parsed.GetValue(format) == "markdown" ? MarkdownRenderer.Render(sheet)
                : TextRenderer.Render(sheet, file is null ? Terminal.Width : Terminal.FileWidth, file is null && Terminal.HasColor);
            OutputFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
            return ExitCode.Done;
        });
        return command;
    }
}
