namespace FhirMg.Benchmarks;

/// <summary>One line of the table.</summary>
internal sealed record Row(string What, string Figure, string Target, string Verdict)
{
    public const string Met = "met";
    public const string Missed = "MISSED";

    public static Row Of(string what, string figure, string target, bool met) => new(what, figure, target, met ? Met : Missed);
}
