using System.Runtime.CompilerServices;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Benchmarks;

/// <summary>The rules alone, over features that are already extracted, on one core.</summary>
internal static class EvaluationBenchmark
{
    private const double Target = 500_000;

    public static IEnumerable<Row> Run()
    {
        CaseFeatures[] cases = [.. Inputs.Samples.Documents.Concat(Inputs.Generated.Documents).SelectMany(ReadingBenchmark.Read)];
        var perSecond = cases.Length / Stopper.Seconds(() => Evaluate(cases));
        yield return Row.Of($"evaluation, {cases.Length} patients, one core", $"{perSecond / 1e6:0.00} million/s", "≥ 0.50 million/s", perSecond >= Target);

        var allocated = Allocated(() => Evaluate(cases)) / cases.Length;
        var own = Allocated(() => RuntimeHelpers.GetUninitializedObject(typeof(Assessment)));
        yield return Row.Of("allocated by an evaluation", $"{allocated} bytes", $"≤ {own} bytes, the Assessment itself", allocated <= own);
    }

    private static void Evaluate(CaseFeatures[] cases)
    {
        foreach (var features in cases)
        {
            Evaluator.Evaluate(features, Knowledge.BuiltIn);
        }
    }

    private static long Allocated(Action work)
    {
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
