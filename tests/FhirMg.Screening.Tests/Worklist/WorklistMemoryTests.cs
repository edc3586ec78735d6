using FhirMg.Reasoning.Knowing;
using FhirMg.Screening.Worklist;

namespace FhirMg.Screening.Tests.Worklist;

/// <summary>Tests of memory run while nothing else does, for what other tests give back would count.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What the worklist takes of memory for each patient.</summary>
[Collection(nameof(Alone))]
public sealed class WorklistMemoryTests
{
    [Fact]
    public void A_row_is_small()
    {
        var rows = new WorklistRows(Knowledge.BuiltIn);
        var patient = Screened.Samples().First(one => !one.Patient.Assessment.Proposed.IsEmpty).Patient.Assessment;
        for (var i = 0; i < 1000; i++)
        {
            rows.Add(patient);
        }

        const int Patients = 200_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Patients; i++)
        {
            rows.Add(patient);
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Patients;
        Assert.InRange(each, 0, 50);
        GC.KeepAlive(rows);
    }
}
