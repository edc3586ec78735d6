using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Cli.Inputs;

/// <summary>Reads sources into documents; what cannot be read is reported, the rest counts.</summary>
internal sealed class InputLoader(Knowledge knowledge, Diagnostics diagnostics)
{
    private const int NamedAtMost = 3;
    private const int ManyFiles = 200;
    private readonly InputReader _reader = new(knowledge);
    private readonly List<string> _passedOver = [];

    public IReadOnlyList<Document> Load(List<InputSource> sources, CancellationToken cancellation)
    {
        using (var progress = new Progress(sources.Count, "files", ManyFiles))
        {
            foreach (var source in sources)
            {
                cancellation.ThrowIfCancellationRequested();
                Load(source);
                progress.Advance();
            }
        }

        if (_passedOver.Count > 0)
        {
            var rest = _passedOver.Count - NamedAtMost;
            Diagnostics.Say($"passed over {_passedOver.Count} JSON file{(_passedOver.Count == 1 ? "" : "s")} without a resourceType: "
                + $"{string.Join(", ", _passedOver.Take(NamedAtMost))}{(rest > 0 ? $" and {rest} more" : "")}");
        }

        return _reader.Documents();
    }

    private void Load(InputSource source)
    {
        if (Content(source) is not { } content)
        {
            return;
        }

        if (source.FromDirectory && ResourceProbe.IsOtherJson(content))
        {
            _passedOver.Add(source.Path);
            return;
        }

        foreach (var fault in _reader.Read(content, source.Path == InputSource.StandardInput ? "standard input" : source.Path))
        {
            diagnostics.Report(fault.ToString());
        }
    }

    private byte[]? Content(InputSource source)
    {
        try
        {
            if (source.Path != InputSource.StandardInput)
            {
                return File.ReadAllBytes(source.Path);
            }

            using var input = Console.OpenStandardInput();
            using var content = new MemoryStream();
            input.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report($"{source.Path}: it cannot be read: {e.Message} Check that it exists, that you may read it and that it is under 2 GB");
            return null;
        }
    }
}
