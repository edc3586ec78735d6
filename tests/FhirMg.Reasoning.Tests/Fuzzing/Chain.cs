using System.Collections;
using System.Reflection;
using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Proposing;
using FhirMg.Reasoning.Reading;
using FhirMg.Reasoning.Reporting;
using Hl7.Fhir.Serialization;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>The whole way from bytes to every output; whatever it throws is a defect.</summary>
internal static class Chain
{
    private static readonly FhirJsonSerializer Firely = new();

    // Found by their shape, so that a view added later is driven too.
    private static readonly MethodInfo[] Views =
    [
        .. typeof(Assessment).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetParameters() is [{ ParameterType: var only }] && only == typeof(Assessment) && method.ReturnType != typeof(void)),
    ];

    /// <summary>Reads, extracts, evaluates and writes everything that can be written.</summary>
    /// <param name="input">Any bytes.</param>
    /// <param name="source">The name of the source; its ending may say that it is NDJSON.</param>
    /// <param name="asOf">The time to look at.</param>
    /// <param name="propose">Whether FHIR resources are made and serialised too, which costs far more than all the rest.</param>
    public static Outcome Run(ReadOnlySpan<byte> input, string source, DateTimeOffset asOf, bool propose)
    {
        var reader = new InputReader(Knowledge.BuiltIn);
        var faults = reader.Read(input, source);
        var documents = reader.Documents();
        List<Assessment> assessments =
        [
            .. documents.SelectMany(document => document.Patients)
                .Select(patient => Evaluator.Evaluate(Extractor.Extract(patient, Knowledge.BuiltIn, asOf), Knowledge.BuiltIn)),
        ];
        Assert.True(faults.Count > 0 || documents.Count > 0, "neither a document nor a fault");
        Assert.All(faults, fault => Assert.True(fault.Problem.Length > 0 && fault.Advice.Length > 0));
        Check(assessments);
        Look(assessments);
        if (propose)
        {
            foreach (var language in Enum.GetValues<Language>())
            {
                using var _ = JsonDocument.Parse(Firely.SerializeToString(ProposalBundle.Of(assessments, language)));
            }
        }

        return new(faults.Count, assessments.Count, assessments.Sum(assessment => assessment.Features.SetAside.Count));
    }

    private static void Check(List<Assessment> assessments)
    {
        using var report = JsonDocument.Parse(Report(assessments));
        var reports = report.RootElement.GetProperty("reports");
        Assert.Equal(assessments.Count, reports.GetArrayLength());
        foreach (var one in reports.EnumerateArray())
        {
            // Half a surrogate pair sorts elsewhere after it was written, so only names that survive writing are compared.
            string[] names = [.. one.GetProperty("setAside").EnumerateArray().Select(item => item.GetProperty("resource").GetString()!)];
            Assert.True(names.Length < 2 || names.Any(name => name.Contains('\uFFFD', StringComparison.Ordinal)) || names.SequenceEqual(names.Distinct().Order(StringComparer.Ordinal)));
        }
    }

    private static ReadOnlyMemory<byte> Report(List<Assessment> assessments)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            ReportWriter.Write(writer, assessments);
        }

        return stream.ToArray();
    }

    private static void Look(List<Assessment> assessments)
    {
        foreach (var assessment in assessments)
        {
            foreach (var view in Views)
            {
                if (view.Invoke(null, [assessment]) is IEnumerable items)
                {
                    Assert.True(items.Cast<object?>().Count() >= 0);
                }
            }
        }
    }
}

/// <summary>What came of an input.</summary>
/// <param name="Faults">Sources or lines that could not be read.</param>
/// <param name="Patients">Patients evaluated.</param>
/// <param name="SetAside">Resources set aside, over all patients.</param>
internal readonly record struct Outcome(int Faults, int Patients, int SetAside);
