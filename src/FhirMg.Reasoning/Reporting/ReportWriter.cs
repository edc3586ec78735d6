using System.Text.Json;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;

namespace FhirMg.Reasoning.Reporting;

/// <summary>Writes the report: the stable JSON contract that other programs read.</summary>
public static class ReportWriter
{
    /// <summary>Writes <c>{ "reports": [ … ] }</c>.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<Assessment> assessments)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("reports"u8);
        foreach (var assessment in assessments)
        {
            Write(writer, assessment);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes one report.</summary>
    public static void Write(Utf8JsonWriter writer, Assessment assessment)
    {
        var features = assessment.Features;
        writer.WriteStartObject();
        writer.WriteString("patient"u8, features.Patient);
        writer.WriteString("asOf"u8, features.AsOf.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("knowledge"u8, assessment.Knowledge.Canonical);
        if (!features.Deceased)
        {
            WriteSerum(writer, assessment);
            WriteMigraine(writer, assessment);
        }

        writer.WriteString("deficiency"u8, assessment.Deficiency.Word());
        if (!features.Deceased)
        {
            WriteManifestations(writer, assessment);
        }

        WriteRisks(writer, assessment);
        WriteProposals(writer, assessment);
        WriteSafety(writer, assessment);
        WriteList(writer, "context"u8, assessment.Context.Ids());
        WriteList(writer, "notChecked"u8, assessment.NotChecked.Ids());
        WriteSetAside(writer, assessment);
        writer.WriteNumber("uncodedConditions"u8, features.UncodedConditions);
        writer.WriteNumber("unresolvedMedicines"u8, features.UnresolvedMedicines);
        if (features.NotRead != Extraction.DataKinds.None)
        {
            WriteList(writer, "notRead"u8, Words.Each(features.NotRead));
        }

        if (features.JoinedFrom.Count > 0)
        {
            WriteList(writer, "mergedFrom"u8, features.JoinedFrom);
        }

        if (!assessment.Knowledge.Disabled.IsEmpty)
        {
            WriteList(writer, "disabledRules"u8, assessment.Knowledge.Disabled.Ids());
        }

        writer.WriteEndObject();
    }

    private static void WriteSerum(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartObject("serum"u8);
        writer.WriteString("status"u8, assessment.Serum.Word());
        WriteList(writer, "between"u8, assessment.Touched.Each());
        if ((assessment.Features.Serum ?? assessment.Features.StaleSerum) is { } result)
        {
            WriteInterval(writer, result.Value);
            writer.WriteString("observation"u8, result.Name);
            writer.WriteString("effective"u8, result.TimeText);
            writer.WriteBoolean("preliminary"u8, result.Preliminary);
            if (assessment.Features.TrendPerMonth is { } trend)
            {
                writer.WriteNumber("trendPerMonth"u8, Number.Plain(trend));
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteInterval(Utf8JsonWriter writer, in Interval value)
    {
        writer.WriteStartObject("mmolPerL"u8);
        if (value.Low is { } low)
        {
            writer.WriteNumber("low"u8, Number.Plain(low));
        }

        if (value.High is { } high)
        {
            writer.WriteNumber("high"u8, Number.Plain(high));
        }

        writer.WriteEndObject();
    }

    private static void WriteMigraine(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartObject("migraine"u8);
        writer.WriteBoolean("present"u8, assessment.Features.HasMigraine);
        writer.WriteBoolean("withAura"u8, assessment.Features.HasAura);
        writer.WriteEndObject();
    }

    private static void WriteManifestations(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartObject("manifestations"u8);
        writer.WriteBoolean("asked"u8, assessment.Features.Manifestations is not null);
        if (assessment.Features.Manifestations is not null)
        {
            writer.WriteNumber("count"u8, assessment.Features.ManifestationCount);
        }

        writer.WriteEndObject();
    }

    private static void WriteRisks(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartArray("risks"u8);
        foreach (var risk in Risk.Of(assessment))
        {
            writer.WriteStartObject();
            writer.WriteString("outcome"u8, risk.Outcome);
            if (risk.Level.Word() is { } level)
            {
                writer.WriteString("qualitative"u8, level);
            }

            WriteList(writer, "rules"u8, [risk.Rule.Id()]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteProposals(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartArray("proposals"u8);
        foreach (var proposal in Proposal.Of(assessment))
        {
            writer.WriteStartObject();
            writer.WriteString("rule"u8, proposal.Rule.Id());
            writer.WriteString("resource"u8, proposal.Resource);
            if (proposal.Medication is { } medication)
            {
                writer.WriteString("medication"u8, medication);
                writer.WriteBoolean("dosed"u8, proposal.IsDosed);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSafety(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartArray("safety"u8);
        foreach (var rule in assessment.Safety)
        {
            writer.WriteStartObject();
            writer.WriteString("rule"u8, rule.Id());
            writer.WriteString("severity"u8, assessment.Knowledge[rule].Severity!.Value.Word());
            WriteList(writer, "blocks"u8, assessment.BlockedBy(rule).Ids());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSetAside(Utf8JsonWriter writer, Assessment assessment)
    {
        writer.WriteStartArray("setAside"u8);
        foreach (var (resource, reason) in assessment.Features.SetAside)
        {
            writer.WriteStartObject();
            writer.WriteString("resource"u8, resource);
            writer.WriteString("reason"u8, reason.Word());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IEnumerable<string> items)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }
}
