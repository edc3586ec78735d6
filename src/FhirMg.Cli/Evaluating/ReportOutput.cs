using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirMg.Cli.Servers;
using FhirMg.Cli.Tables;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reporting;

namespace FhirMg.Cli.Evaluating;

/// <summary>Writes what was evaluated in the form that was asked for.</summary>
internal static class ReportOutput
{
    // Readable Cyrillic: the output is a file or a terminal, never part of a web page.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream output, EvaluateRequest request, Knowledge knowledge, IReadOnlyList<Evaluated> evaluated)
    {
        var assessments = evaluated.Select(one => one.Assessment).ToList();
        switch (request.Format)
        {
            case EvaluateFormat.Json when request.Server is null:
                WriteJson(output, writer => ReportWriter.Write(writer, assessments));
                break;
            case EvaluateFormat.Json:
                WriteJson(output, writer => WriteReportsAndWrites(writer, evaluated));
                break;
            case EvaluateFormat.Fhir:
                WriteJson(output, writer => FhirOutput.Write(writer, assessments, request.Language));
                break;
            default:
                WriteTable(output, request, knowledge, evaluated);
                break;
        }
    }

    private static void WriteReportsAndWrites(Utf8JsonWriter writer, IReadOnlyList<Evaluated> evaluated)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("reports"u8);
        foreach (var one in evaluated)
        {
            ReportWriter.Write(writer, one.Assessment);
        }

        writer.WriteEndArray();
        WriteAccountJson.Write(writer, [.. evaluated.Select(one => one.Writes).OfType<WriteAccount>()]);
        writer.WriteEndObject();
    }

    private static void WriteJson(Stream output, Action<Utf8JsonWriter> write)
    {
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            write(writer);
        }

        output.Write("\n"u8);
    }

    private static void WriteTable(Stream output, EvaluateRequest request, Knowledge knowledge, IReadOnlyList<Evaluated> evaluated)
    {
        var isTerminal = request.Output is null && Terminal.HasColor;
        var sheet = ReportSheet.Of(evaluated, knowledge, new(knowledge, request.Language));
        output.Write(Encoding.UTF8.GetBytes(TextRenderer.Render(sheet, request.Output is null ? Terminal.Width : Terminal.FileWidth, isTerminal)));
    }
}
