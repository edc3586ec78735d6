using System.Text.Json;

namespace FhirMg.Reasoning.Reading;

/// <summary>How JSON is read everywhere.</summary>
internal static class JsonSource
{
    /// <summary>Deep nesting costs one bit a level and no stack, so one deep resource need not cost its whole document.</summary>
    public const int MaxDepth = 1_000_000;

    /// <summary>The same for the framework's reader.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = MaxDepth };
}
