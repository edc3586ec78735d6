using System.Text;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Tests.Drafts;

/// <summary>IN-8: in order hooks the draft orders count as current for the safety rules, and for nothing else.</summary>
public sealed class DraftOrderTests
{
    private const string Citrate = """{"coding":[{"system":"http://www.whocc.no/atc","code":"A12CC04"}]}""";
    private const string Valproate = """{"coding":[{"system":"http://www.whocc.no/atc","code":"N03AG01"}]}""";
    private const string Levothyroxine = """{"coding":[{"system":"http://www.whocc.no/atc","code":"H03AA01"}]}""";
    private const string Sulfate = """{"coding":[{"system":"http://www.whocc.no/atc","code":"B05XA05"}]}""";

    [Fact]
    public void A_draft_of_magnesium_does_not_put_the_patient_on_magnesium()
    {
        var (assessment, orders) = Look("adult-mild-with-migraine", Draft(Citrate));
        Assert.True(assessment.Proposed.Contains(Rule.Rx1));
        Assert.True(orders.HasMagnesium);
        Assert.True(Look("missing-serum-with-migraine", Draft(Citrate)).Orders.NotChecked.Contains(Rule.Safe3));
    }

    [Fact]
    public void A_draft_of_magnesium_meets_severe_renal_impairment() =>
        Assert.Equal("SAFE-1", Look("egfr-below-30-blocks", Draft(Citrate)).Orders.Safety.Intersect(RuleSet.Of(Rule.Safe1, Rule.Safe2)).ToString());

    [Fact]
    public void A_draft_partner_beside_a_draft_of_magnesium_is_to_be_taken_apart()
    {
        var (assessment, orders) = Look("adult-unlikely-headache-not-counted", Draft(Citrate, "a"), Draft(Levothyroxine, "b"));
        Assert.True(orders.Safety.Contains(Rule.Safe7));
        Assert.Equal("MedicationRequest/b", Assert.Single(Evidence.Of(assessment, Rule.Safe7)).Resource);
    }

    [Fact]
    public void A_draft_partner_without_magnesium_is_no_reason_to_speak()
    {
        var orders = Look("adult-unlikely-headache-not-counted", Draft(Levothyroxine)).Orders;
        Assert.True(orders.Safety.IsEmpty);
        Assert.True(orders.NotChecked.IsEmpty);
    }

    [Fact]
    public void A_draft_of_valproate_in_pregnancy_is_warned_of()
    {
        Assert.True(Look("pregnancy-and-valproate", Draft(Valproate)).Orders.Safety.Contains(Rule.Safe9));
        Assert.True(Look("aura-status-inpatient-pregnant", Draft(Valproate)).Orders.Safety.Contains(Rule.Safe9));
    }

    [Fact]
    public void A_draft_of_sulfate_in_pregnancy_is_warned_of() =>
        Assert.True(Look("pregnancy-and-valproate", Draft(Sulfate)).Orders.Safety.Contains(Rule.Safe10));

    [Fact]
    public void What_is_not_selected_counts_and_gives_no_reason_by_itself()
    {
        var record = Record("adult-unlikely-headache-not-counted", Draft(Citrate, "a"), Draft(Levothyroxine, "b"));
        var assessment = Evaluate(record);
        Assert.True(DraftOrders.Of(assessment, name => name == "MedicationRequest/b").Safety.Contains(Rule.Safe7));
        Assert.True(DraftOrders.Of(assessment, name => name == "MedicationRequest/c").Safety.IsEmpty);
    }

    [Theory]
    [InlineData("""{"resourceType":"MedicationRequest","id":"d","status":"draft"}""")]
    [InlineData("""{"resourceType":"MedicationRequest","id":"d"}""")]
    [InlineData("""{"resourceType":"MedicationRequest"}""")]
    public void A_draft_may_lack_its_medicine_and_intent(string draft)
    {
        var (assessment, orders) = Look("pregnancy-and-valproate", draft);
        Assert.Empty(orders.Drafts);
        Assert.True(assessment.Safety.Contains(Rule.Safe9), "the current valproate is still warned of by the assessment");
    }

    [Theory]
    [InlineData("cancelled", false)]
    [InlineData("entered-in-error", false)]
    [InlineData("draft", true)]
    [InlineData("active", true)]
    public void A_draft_that_is_taken_back_is_none(string status, bool counts) =>
        Assert.Equal(counts, Look("egfr-below-30-blocks", Draft(Citrate, status: status)).Orders.HasMagnesium);

    [Fact]
    public void The_report_is_the_same_with_and_without_drafts_that_touch_no_safety_rule() =>
        Assert.Equal(
            ReportOf.Json([Evaluate(Record("adult-mild-with-migraine"))]).ToJsonString(),
            ReportOf.Json([Look("adult-mild-with-migraine", Draft(Citrate)).Assessment]).ToJsonString());

    private static string Draft(string medicine, string id = "d", string status = "draft") =>
        $$"""{"resourceType":"MedicationRequest","id":"{{id}}","status":"{{status}}","medicationCodeableConcept":{{medicine}} }""";

    private static (Assessment Assessment, DraftOrders Orders) Look(string sample, params string[] drafts)
    {
        var assessment = Evaluate(Record(sample, drafts));
        return (assessment, DraftOrders.Of(assessment, _ => true));
    }

    private static Assessment Evaluate(PatientRecord record) =>
        Evaluator.Evaluate(Extractor.Extract(record, Knowledge.BuiltIn, ReportOf.AsOf), Knowledge.BuiltIn);

    private static PatientRecord Record(string sample, params string[] drafts)
    {
        var pages = new SearchPages(Knowledge.BuiltIn);
        pages.Add(File.ReadAllBytes(Repository.Path("fhir-samples", sample, "bundle.json")), "sample");
        var patient = pages.Document().Patients[0].Name;
        pages.AddDrafts(Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"collection","entry":[{{string.Join(',', drafts.Select(draft => $$"""{"resource":{{draft}} }"""))}}]}"""), patient, "draftOrders");
        return pages.Document().Patients[0];
    }
}
