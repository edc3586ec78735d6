using System.Text;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>Anything in, no exception: it ends in facts, in resources set aside, or in a fault.</summary>
public sealed class AnythingInTests
{
    [Fact]
    public void Noise_never_throws()
    {
        var mutator = new Mutator(1);
        for (var i = 0; i < 10_000; i++)
        {
            Run(mutator.Noise(), mutator, propose: false);
        }
    }

    [Fact]
    public void Random_json_made_of_the_words_of_FHIR_never_throws()
    {
        var (mutator, json) = (new Mutator(2), new RandomJson(2));
        for (var i = 0; i < 4_000; i++)
        {
            Run(json.Next(), mutator, propose: i % 20 == 0);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Spoilt_samples_never_throw(int seed)
    {
        var mutator = new Mutator(seed);
        var withPatients = 0;
        for (var i = 0; i < 5_000; i++)
        {
            withPatients += Run(mutator.Spoil(mutator.Pick(Corpus.All), Corpus.All), mutator, propose: i % 20 == 0).Patients > 0 ? 1 : 0;
        }

        Assert.True(withPatients > 2_000, $"only {withPatients} spoilt samples reached the rules: the mutations are too coarse to test them");
    }

    [Fact]
    public void Every_value_of_a_chart_can_be_replaced_by_every_extreme()
    {
        var chart = Corpus.Samples["chart-russian-inpatient-attack-with-aura"];
        var values = JsonSpan.Of(chart)!;
        foreach (var value in values.Skip(1))
        {
            foreach (var extreme in Extremes.ShortValues)
            {
                byte[] spoilt = [.. chart[..value.Start], .. extreme, .. chart[value.End..]];
                Guarded(spoilt, "test.json", propose: false);
            }
        }
    }

    /// <summary>Runs the chain; a defect is told with the input that shows it.</summary>
    internal static Outcome Run(byte[] input, Mutator mutator, bool propose) => Guarded(input, mutator.Chance(0.1) ? "test.ndjson" : "test.json", propose);

    private static Outcome Guarded(byte[] input, string source, bool propose)
    {
        try
        {
            return Chain.Run(input, source, ReportOf.AsOf, propose);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{source} (base64): {Convert.ToBase64String(input)}\n{Encoding.UTF8.GetString(input)}", e);
        }
    }
}
