using System.Globalization;

namespace FhirMg.Reasoning.Reporting;

/// <summary>Numbers in outputs: exact, without zeros that only the arithmetic left.</summary>
internal static class Number
{
    // Dividing by one with all its decimals takes trailing zeros off a decimal.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>The same number without trailing zeros.</summary>
    public static decimal Plain(decimal value) => value / One;

    /// <summary>A number for people: at most the given decimals.</summary>
    public static string Short(decimal value, int decimals = 4) =>
        Plain(Math.Round(value, decimals)).ToString(CultureInfo.InvariantCulture);
}
