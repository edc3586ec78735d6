using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FhirMg.Service.Tests;

/// <summary>Keeps everything that is logged, exceptions and scopes included.</summary>
internal sealed class LogBook : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider? _scopes;

    public IReadOnlyCollection<string> Lines => _lines;

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Writer(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => book._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            book._lines.Enqueue($"{logLevel} {category} {eventId}: {formatter(state, exception)} {exception}");
            book._scopes?.ForEachScope((scope, lines) => lines.Enqueue($"  scope {scope}"), book._lines);
        }
    }
}
