using System.Text.Json;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// Reads sources of FHIR R4 JSON into documents: each Bundle is one; single resources and NDJSON lines of all sources make one
/// together, at the place of the first. Never throws for content.
/// </summary>
public sealed class InputReader(Knowledge knowledge)
{
    private const string NotJson = "Send FHIR R4 as JSON: a Bundle, a single resource, or NDJSON with one resource a line";
    private readonly List<DocumentBuilder> _documents = [];
    private DocumentBuilder? _single;
    private int _singles;

    /// <summary>Reads one source; what cannot be read of it is returned, the rest counts.</summary>
    /// <param name="content">The source's bytes, UTF-8.</param>
    /// <param name="source">Its name, for messages.</param>
    public IReadOnlyList<ReadFault> Read(ReadOnlySpan<byte> content, string source)
    {
        if (content.StartsWith("\uFEFF"u8))
        {
            content = content["\uFEFF"u8.Length..];
        }

        if (Unreadable(content) is var (problem, advice))
        {
            return [new(source, null, problem, advice)];
        }

        var faults = new List<ReadFault>();
        if (source.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) || source.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || IsLines(content))
        {
            ReadLines(content, source, faults);
        }
        else
        {
            ReadValue(content, source, null, faults);
        }

        return faults;
    }

    /// <summary>The documents read, each with its references resolved.</summary>
    public IReadOnlyList<Document> Documents() => [.. _documents.Select(Document.Resolve)];

    private static (string Problem, string Advice)? Unreadable(ReadOnlySpan<byte> content)
    {
        var start = content.IndexOfAnyExcept(" \t\r\n"u8);
        return start < 0 ? ("it is empty", NotJson)
            : content.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? ("it is compressed with gzip", "Unpack it first (gunzip)")
            : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? ("it is UTF-16", "Save it as UTF-8")
            : content[start] == '<' ? ("it is XML", "Ask the server for application/fhir+json, or convert it to JSON")
            : content[start] != '{' ? ("it is no JSON object", NotJson)
            : null;
    }

    // NDJSON: the first line is an object by itself, and another line follows.
    private static bool IsLines(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf((byte)'\n');
        var rest = end < 0 ? default : content[(end + 1)..].TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty)
        {
            return false;
        }

        // A first line that is no value of its own may still begin an NDJSON file: then the second line is one.
        var mayBeLine = rest[0] == '{' && content.TrimStart(" \t\r\n"u8).StartsWith("{\""u8) && content[..end].TrimEnd("\r"u8).Length > 2;
        try
        {
            // Not the final block: a first line that goes on in the next, as in every indented file, is no exception.
            var reader = new Utf8JsonReader(content[..end], isFinalBlock: false, new(JsonSource.Options));
            return reader.Read() && reader.TrySkip() ? !reader.Read() : mayBeLine;
        }
        catch (JsonException)
        {
            return mayBeLine;
        }
    }

    private void ReadLines(ReadOnlySpan<byte> content, string source, List<ReadFault> faults)
    {
        for (var line = 1L; !content.IsEmpty; line++)
        {
            var end = content.IndexOf((byte)'\n');
            var text = (end < 0 ? content : content[..end]).Trim(" \t\r"u8);
            content = end < 0 ? default : content[(end + 1)..];
            if (text.IsEmpty)
            {
                continue;
            }

            if (text[0] == '{')
            {
                ReadValue(text, source, line, faults);
            }
            else
            {
                faults.Add(new(source, line, "it is no JSON object", "Put one resource on each line"));
            }
        }
    }

    private void ReadValue(ReadOnlySpan<byte> content, string source, long? line, List<ReadFault> faults)
    {
        var bundles = new List<DocumentBuilder>();
        var single = _single ?? new DocumentBuilder(knowledge);
        var start = single.Position;
        if (TryReadValue(content, single, bundles, source, line) is { } fault)
        {
            single.Forget(start);
            faults.Add(fault);
        }
        else if (bundles.Count > 0)
        {
            _documents.AddRange(bundles);
        }
        else
        {
            _singles++;
            if (_single is null)
            {
                _single = single;
                _documents.Add(single);
            }
        }
    }

    private ReadFault? TryReadValue(ReadOnlySpan<byte> content, DocumentBuilder single, List<DocumentBuilder> bundles, string source, long? line)
    {
        var index = JsonIndex.Of(content);
        try
        {
            var reader = new ElementReader(new(content, index));
            reader.Json.Read();
            var isResource = BundleReader.Read(ref reader, single, bundles, default, _singles);

            // The end is read too: half a document must not look like a whole one.
            reader.Json.Read();
            if (!isResource)
            {
                return new(source, line, "it has no resourceType, so it is no FHIR resource", NotJson);
            }
        }
        catch (JsonException e)
        {
            return new(source, line ?? e.LineNumber + 1, $"it is no valid JSON: {Reason(e)}", line is null
                ? "The file may be cut off or damaged: fetch it again. Nothing of it was evaluated"
                : "This line was left out; the others count");
        }
        finally
        {
            index.Return();
        }

        var witness = bundles.Count > 0 ? bundles.Find(bundle => bundle.ForeignWitness is not null)?.ForeignWitness : single.ForeignWitness;
        return witness is null ? null
            : new(source, line, $"it is not FHIR R4 but {witness}", "Ask the server for R4 (fhirVersion=4.0), or convert it; nothing of it was evaluated");
    }

    internal static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.');
    }
}
