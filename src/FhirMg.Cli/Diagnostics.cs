namespace FhirMg.Cli;

/// <summary>What people are told beside the output, on standard error.</summary>
internal sealed class Diagnostics
{
    /// <summary>Whether something could not be done.</summary>
    public bool HasProblems { get; private set; }

    public static void Say(string message) => Console.Error.WriteLine($"fhirmg: {Printable.Line(message)}");

    /// <summary>Tells a problem; the work goes on.</summary>
    public void Report(string problem)
    {
        HasProblems = true;
        Say(problem);
    }
}
