using System.Globalization;

namespace FhirMg.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Data">Folders of further bundles.</param>
/// <param name="Cli">A published command line program; null to leave the cold start out.</param>
/// <param name="Only">Part of the names of the inputs to read; null for all.</param>
/// <param name="ProfileSeconds">Read for so long and measure nothing, for a profiler to look on.</param>
internal sealed record BenchmarkOptions(IReadOnlyList<string> Data, string? Cli, string? Only, double? ProfileSeconds)
{
    /// <summary>Reads the arguments; null when they are wrong.</summary>
    public static BenchmarkOptions? Parse(string[] args)
    {
        var options = new BenchmarkOptions([], null, null, null);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            switch (args[i])
            {
                case "--data":
                    options = options with { Data = [.. options.Data, value] };
                    break;
                case "--cli":
                    options = options with { Cli = value };
                    break;
                case "--only":
                    options = options with { Only = value };
                    break;
                case "--profile" when double.TryParse(value, CultureInfo.InvariantCulture, out var seconds):
                    options = options with { ProfileSeconds = seconds };
                    break;
                default:
                    return null;
            }
        }

        return args.Length % 2 == 0 ? options : null;
    }
}
