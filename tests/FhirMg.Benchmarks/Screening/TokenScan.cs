using System.Text.Json;

namespace FhirMg.Benchmarks.Screening;

/// <summary>The yardstick: every token of a file by one Utf8JsonReader on one thread, and nothing else.</summary>
internal static class TokenScan
{
    private const int BlockBytes = 1 << 20;

    public static long Run(string path)
    {
        var tokens = 0L;
        using var file = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        var buffer = new byte[BlockBytes];
        var carried = 0;
        while (true)
        {
            var read = file.ReadAtLeast(buffer.AsSpan(carried), buffer.Length - carried, throwOnEndOfStream: false);
            var length = carried + read;
            if (length == 0)
            {
                return tokens;
            }

            var end = read == 0 ? length : buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            var reader = new Utf8JsonReader(buffer.AsSpan(0, end), new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                tokens++;
            }

            buffer.AsSpan(end, length - end).CopyTo(buffer);
            carried = length - end;
        }
    }
}
