using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Tests.Extraction;

/// <summary>What a study counts patients by: sex and the coded forms of migraine.</summary>
public sealed class CountedFeatureTests
{
    [Theory]
    [InlineData("\"female\"", AdministrativeGender.Female)]
    [InlineData("\"male\"", AdministrativeGender.Male)]
    [InlineData("\"other\"", AdministrativeGender.Other)]
    [InlineData("\"unknown\"", AdministrativeGender.Unknown)]
    [InlineData("\"F\"", AdministrativeGender.Unknown)]
    [InlineData("null", AdministrativeGender.Unknown)]
    public void The_administrative_sex_is_read(string gender, AdministrativeGender read) => Assert.Equal(read, Assess(gender).Features.Gender);

    [Theory]
    [InlineData("1")]
    [InlineData("{\"coding\":[{}]}")]
    [InlineData("[\"female\"]")]
    public void A_sex_that_cannot_be_read_costs_nothing_else(string gender)
    {
        var features = Assess(gender).Features;
        Assert.Equal(AdministrativeGender.Unknown, features.Gender);
        Assert.True(features.HasBirthDate);
        Assert.Empty(features.SetAside);
    }

    [Theory]
    [InlineData("", MigraineForms.None)]
    [InlineData("migraine", MigraineForms.None)]
    [InlineData("migraine-without-aura", MigraineForms.WithoutAura)]
    [InlineData("migraine-with-aura", MigraineForms.WithAura)]
    [InlineData("migraine-chronic", MigraineForms.Chronic)]
    [InlineData("status-migrainosus", MigraineForms.StatusMigrainosus)]
    [InlineData("migraine-with-aura migraine-chronic", MigraineForms.WithAura | MigraineForms.Chronic)]
    public void The_forms_are_those_that_are_coded(string valueSets, MigraineForms forms)
    {
        var sets = valueSets.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var features = Assess("\"female\"", sets).Features;
        Assert.Equal(sets.Length > 0, features.HasMigraine);
        Assert.Equal(forms, features.Forms);
    }

    private static Assessment Assess(string gender, params string[] valueSets)
    {
        const string System = "http://example.org/local";
        var knowledge = Knowing.Knowledge.BuiltIn;
        foreach (var set in valueSets)
        {
            // A local form is a migraine too only where the site says so of both value sets.
            knowledge = knowledge.WithCode(set, System, set).WithCode("migraine", System, set);
        }

        var conditions = valueSets.Select((set, i) => new JsonObject
        {
            ["resource"] = new JsonObject
            {
                ["resourceType"] = "Condition", ["id"] = $"c{i}", ["subject"] = new JsonObject { ["reference"] = "Patient/p1" },
                ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = System, ["code"] = set }) },
            },
        });
        var patient = JsonNode.Parse($$"""{"resource":{"resourceType":"Patient","id":"p1","birthDate":"1990-01-01","gender":{{gender}}} }""");
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "collection", ["entry"] = new JsonArray([patient, .. conditions]) }.ToJsonString();
        return Assert.Single(ReportOf.Assess(Encoding.UTF8.GetBytes(bundle), ReportOf.AsOf, knowledge: knowledge));
    }
}
