using System.Text.Json.Nodes;

namespace FhirMg.Reasoning.Tests.Naive;

internal static partial class NaiveReport
{
    private const string Base = "https://fhirmg.github.io/ig";
    private const string Loinc = "http://loinc.org";
    private const string Snomed = "http://snomed.info/sct";
    private const string IcdCm = "http://hl7.org/fhir/sid/icd-10-cm";
    private const string Atc = "http://www.whocc.no/atc";
    private const string RxNorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
    private const string Ucum = "http://unitsofmeasure.org";
    private const string Interpretations = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
    private const string ActCodes = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static readonly string[] IcdWho =
        ["http://hl7.org/fhir/sid/icd-10", "urn:oid:1.2.643.5.1.13.13.11.1005", "urn:oid:1.2.643.2.69.1.1.1.2"];

    private sealed record Coding(string? System, string Code, string? Display);

    private static IEnumerable<Coding> Codings(JsonNode? concept) =>
        from coding in Items(concept, "coding")
        let code = Text(coding, "code")
        where !string.IsNullOrEmpty(code)
        select new Coding(Text(coding, "system"), code, Text(coding, "display"));

    private static IEnumerable<string> Words(JsonNode? concept) =>
        Items(concept, "coding").Select(c => Text(c, "display")).Append(Text(concept, "text")).OfType<string>();

    private static bool HasCode(JsonNode? concept, string system, params string[] codes) =>
        Codings(concept).Any(c => c.System == system && codes.Contains(c.Code));

    private static string? StatusCode(JsonNode? concept) => Codings(concept).Select(c => c.Code).FirstOrDefault();

    // The laboratory table, one entry per row.
    private static readonly Dictionary<string, string[]> LabRows = new()
    {
        ["serum"] = ["19123-9", "2601-3", "11554-3"],
        ["blood"] = ["21377-7", "2593-2"],
        ["erythrocytes"] = ["26746-8", "2597-3", "27122-1"],
        ["leukocytes"] = ["17235-3"],
        ["ionized"] = ["2600-5", "32698-3", "73573-8"],
        ["urine"] = ["24447-5", "2599-9", "32024-2", "25954-9"],
        ["egfr"] = ["33914-3", "48642-3", "62238-1", "98979-8", "77147-7", "50210-4"],
        ["unused"] = ["2160-0", "14682-9", "17861-6", "2000-8", "2823-3", "29463-7"],
        ["pregnancy"] = ["82810-3"],
        ["load"] = ["65380-8", "65381-6", "65382-4", "65383-2", "65384-0", "65385-7"],
    };

    private static List<string> Rows(JsonNode? concept)
    {
        var rows = LabRows.Where(r => HasCode(concept, Loinc, r.Value)).Select(r => r.Key).ToList();
        if (HasCode(concept, Base + "/CodeSystem/fhirmg", "tetany-test"))
        {
            rows.Add("tetany");
        }

        return rows;
    }

    private sealed record Diagnosis(string[] Who, string[] Cm, string[] Sct, params string[] CmExcept);

    private static readonly Diagnosis Migraine = new(
        ["G43"], ["G43"],
        [
            "37796009", "4473006", "56097005", "230462002", "427419006", "124171000119105", "59292006", "83351003",
            "124001000119104",
        ],
        "G43.A", "G43.B", "G43.C", "G43.D");

    private static readonly Diagnosis Aura = new(
        ["G43.1"], ["G43.1", "G43.4", "G43.5", "G43.6", "G43.E"], ["4473006", "230462002", "59292006", "83351003"]);

    private static readonly Diagnosis AuraStatus = new([], ["G43.5"], []);
    private static readonly Diagnosis MagnesiumDeficiency = new(["E61.2"], ["E61.2"], []);
    private static readonly Diagnosis Hypomagnesaemia = new([], ["E83.42"], ["190855004"]);
    private static readonly Diagnosis MagnesiumDisorder = new(["E83.4"], ["E83.40", "E83.49"], ["60853003"]);

    private static readonly Diagnosis SevereRenal = new(
        ["N18.4", "N18.5", "Z99.2", "Z49"], ["N18.4", "N18.5", "N18.6", "Z99.2", "Z49"],
        ["431857002", "433146000", "46177005"]);

    private static readonly Diagnosis Myasthenia = new(["G70.0"], ["G70.0"], ["91637004"]);

    private static readonly Diagnosis AvBlock = new(
        ["I44.1", "I44.2"], ["I44.1", "I44.2"], ["195042002", "54016002", "28189009", "27885002"]);

    private static readonly Diagnosis Pacemaker = new(["Z95.0"], ["Z95.0"], ["441509002"]);

    private static readonly Diagnosis Pregnancy = new(
        ["Z33", "Z34", "Z35", "O10-O48", "O98", "O99"], ["Z33.1", "Z34", "O09-O48", "O98", "O99", "O9A"],
        ["72892002", "77386006"]);

    private static readonly Diagnosis Breastfeeding = new(["Z39.1"], ["Z39.1"], []);

    private static readonly Diagnosis Distress = new(
        ["F32", "F33", "F41", "F43"], ["F32", "F33", "F41", "F43"], ["48694002", "197480006", "35489007", "370143000"]);

    private static string Plain(string icd) => icd.Replace(".", "", StringComparison.Ordinal).ToUpperInvariant();

    private static bool Under(string code, string family)
    {
        var plain = Plain(code);
        var ends = family.Split('-');
        if (ends.Length == 1)
        {
            return plain.StartsWith(Plain(family), StringComparison.Ordinal);
        }

        return plain.Length >= 3
            && string.CompareOrdinal(plain[..3], ends[0]) >= 0
            && string.CompareOrdinal(plain[..3], ends[1]) <= 0;
    }

    private static bool Is(JsonNode? concept, Diagnosis what) => Codings(concept).Any(c =>
        IcdWho.Contains(c.System) ? what.Who.Any(f => Under(c.Code, f))
        : c.System == IcdCm ? what.Cm.Any(f => Under(c.Code, f)) && !what.CmExcept.Any(f => Under(c.Code, f))
        : c.System == Snomed && what.Sct.Contains(c.Code));

    private static bool IsCodedDiagnosis(JsonNode? concept) =>
        Codings(concept).Any(c => IcdWho.Contains(c.System) || c.System is IcdCm or Snomed);
}
