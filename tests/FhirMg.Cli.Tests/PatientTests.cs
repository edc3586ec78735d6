namespace FhirMg.Cli.Tests;

/// <summary><c>--patient</c>: which of the patients are evaluated.</summary>
public sealed class PatientTests
{
    private const string SixAdults = "serum-at-the-limits-six-adults";

    private static string[] All { get; } = Reports.Patients(Fhirmg.Evaluate(Repository.Sample(SixAdults), "--format", "json"));

    [Fact]
    public void A_patient_is_named_with_and_without_its_type()
    {
        var id = All[2].Split('/')[1];
        Assert.Equal([All[2]], Reports.Patients(Fhirmg.Evaluate(Repository.Sample(SixAdults), "--format", "json", "--patient", id)));
        Assert.Equal([All[2]], Reports.Patients(Fhirmg.Evaluate(Repository.Sample(SixAdults), "--format", "json", "--patient", All[2])));
    }

    [Fact]
    public void Several_patients_come_in_the_order_of_the_document()
    {
        var run = Fhirmg.Evaluate(Repository.Sample(SixAdults), "--format", "json", "--patient", All[4], "--patient", All[1]);
        Assert.Equal([All[1], All[4]], Reports.Patients(run));
    }

    [Fact]
    public void An_unknown_patient_is_an_error_that_says_who_there_is()
    {
        var run = Fhirmg.Evaluate(Repository.Sample(SixAdults), "--format", "json", "--patient", "nobody", "--patient", All[0]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"the patient 'nobody' does not occur in the input. It holds {All[0]}", run.Errors, StringComparison.Ordinal);
        Assert.Equal([All[0]], Reports.Patients(run));
    }
}
