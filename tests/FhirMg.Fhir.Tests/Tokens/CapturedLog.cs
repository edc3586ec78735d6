using System.Collections.Concurrent;
using FhirMg.Fhir.Tokens;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>Everything that was logged, with the values and exceptions of each line.</summary>
internal sealed class CapturedLog : ILogger<BackendServicesTokens>
{
    private readonly ConcurrentQueue<(LogLevel Level, int Id, string Text)> _lines = new();

    public IReadOnlyList<(LogLevel Level, int Id, string Text)> Lines => [.. _lines];

    public string All => string.Join('\n', _lines.Select(line => line.Text));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(pair => pair.Value)) : "";
        _lines.Enqueue((logLevel, eventId.Id, $"{formatter(state, exception)} | {values} | {exception}"));
    }
}
