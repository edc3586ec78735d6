using System.Globalization;
using System.Text;

namespace FhirMg.Benchmarks.Generating;

/// <summary>
/// A population as a bulk export gives it, the same for the same seed: patients, labs of many kinds, vital signs, conditions,
/// medicines, encounters and procedures, the resources of one patient spread over the whole file; one in eight bears on a rule.
/// </summary>
internal sealed class PopulationGenerator(int seed, bool allRelevant)
{
    private const int Rounds = 160;
    private const int RelevantRounds = 20;

    // Bytes that one patient's resources take, about.
    private const long BytesOfRound = 860;
    private static readonly DateTime First = new(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly StringBuilder _line = new();

    /// <summary>Writes at least so many bytes.</summary>
    /// <returns>Resources, those that bear on a rule, and patients.</returns>
    public (long Resources, long Relevant, long Patients) Write(string path, long bytes)
    {
        var rounds = allRelevant ? RelevantRounds : Rounds;
        var patients = Math.Max(10, bytes / (BytesOfRound * rounds));
        var (resources, relevant) = (0L, 0L);
        using var file = new StreamWriter(path, new UTF8Encoding(false), new FileStreamOptions { Access = FileAccess.Write, Mode = FileMode.Create, BufferSize = 1 << 20 });
        for (var round = 0; round < rounds; round++)
        {
            for (var patient = 0L; patient < patients; patient++)
            {
                _line.Clear();
                relevant += Resource(patient, round) ? 1 : 0;
                resources++;
                file.Write(_line);
                file.Write('\n');
            }
        }

        return (resources, relevant, patients);
    }

    // Eight rounds hold one that bears on a rule, so that these too are spread over the file.
    private bool Resource(long patient, int round)
    {
        var relevant = allRelevant || round % 8 == 0;
        var number = allRelevant ? round : round / 8;
        var random = Mix((ulong)patient * 1_000_003 + (ulong)round + ((ulong)seed << 40));
        if (relevant)
        {
            Relevant(patient, number, random);
        }
        else
        {
            Other(patient, round, random);
        }

        return relevant;
    }

    private void Relevant(long patient, int number, ulong random)
    {
        switch (number)
        {
            case 0:
                var born = new DateTime(1930, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random % 33_000);
                Append($"{{\"resourceType\":\"Patient\",\"id\":\"{Id(patient, -1)}\",\"meta\":{Meta(random)},\"identifier\":[{{\"system\":\"https://hospital.example/mrn\",\"value\":\"{patient:0000000}\"}}],\"name\":[{{\"use\":\"official\",\"family\":\"Family{random % 997}\",\"given\":[\"Given{random % 499}\"]}}],\"gender\":\"{(random % 2 == 0 ? "female" : "male")}\",\"birthDate\":\"{born:yyyy-MM-dd}\",\"address\":[{{\"city\":\"Town\",\"postalCode\":\"{random % 100000:00000}\"}}]}}");
                break;
            case < 9:
                Laboratory(patient, number, random, "2601-3", "Magnesium [Moles/volume] in Serum or Plasma", Magnesium(patient, random), "mmol/L", "0.66", "1.07");
                break;
            case < 15:
                Laboratory(patient, number, random, "98979-8", "Glomerular filtration rate/1.73 sq M.predicted", (25 + (random % 90)).ToString(CultureInfo.InvariantCulture), "mL/min/{1.73_m2}", "60", "120");
                break;
            case 15:
                Condition(patient, number, random, (patient % 50) switch
                {
                    < 7 => ("G43.909", "Migraine, unspecified, not intractable, without status migrainosus"),
                    7 => ("E83.42", "Hypomagnesemia"),
                    _ => ("F41.9", "Anxiety disorder, unspecified"),
                });
                break;
            case < 18:
                Medicine(patient, number, random, "active");
                break;
            default:
                Medicine(patient, number, random, "stopped");
                break;
        }
    }

    private void Other(long patient, int round, ulong random)
    {
        switch (round % 40)
        {
            case 3:
                BloodPressure(patient, round, random);
                break;
            case 11:
                Condition(patient, round, random, Vocabulary.Conditions[(int)(random % (ulong)Vocabulary.Conditions.Length)]);
                break;
            case 21:
                Encounter(patient, round, random);
                break;
            case 31:
                Procedure(patient, round, random);
                break;
            default:
                var (code, display, unit, low, high) = Vocabulary.Laboratory[(int)(random % (ulong)Vocabulary.Laboratory.Length)];
                Laboratory(patient, round, random, code, display, $"{low + (int)(random % 100)}.{random % 10}", unit, low.ToString(CultureInfo.InvariantCulture), high.ToString(CultureInfo.InvariantCulture));
                break;
        }
    }

    // Every twelfth patient is low; most are normal.
    private static string Magnesium(long patient, ulong random) => $"0.{(patient % 12 == 5 ? 55 + (random % 11) : 76 + (random % 23))}";

    private void Laboratory(long patient, int number, ulong random, string code, string display, string value, string unit, string low, string high)
    {
        Begin("Observation", patient, number, random);
        Append($",\"status\":\"final\",\"category\":[{{\"coding\":[{{\"system\":\"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":\"laboratory\",\"display\":\"Laboratory\"}}]}}],\"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"{code}\",\"display\":\"{display}\"}}],\"text\":\"{display}\"}}");
        Subject(patient, random);
        Append($",\"effectiveDateTime\":\"{Time(random):yyyy-MM-dd'T'HH:mm:ss}+01:00\",\"issued\":\"{Time(random).AddHours(2):yyyy-MM-dd'T'HH:mm:ss}.123+01:00\",\"valueQuantity\":{{\"value\":{value},\"unit\":\"{unit}\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"{unit}\"}}");
        Append($",\"referenceRange\":[{{\"low\":{{\"value\":{low},\"unit\":\"{unit}\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"{unit}\"}},\"high\":{{\"value\":{high},\"unit\":\"{unit}\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"{unit}\"}}}}]}}");
    }

    private void BloodPressure(long patient, int number, ulong random)
    {
        Begin("Observation", patient, number, random);
        Append($",\"status\":\"final\",\"category\":[{{\"coding\":[{{\"system\":\"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":\"vital-signs\"}}]}}],\"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"85354-9\",\"display\":\"Blood pressure panel\"}}]}}");
        Subject(patient, random);
        Append($",\"effectiveDateTime\":\"{Time(random):yyyy-MM-dd'T'HH:mm:ss}+01:00\",\"component\":[{{\"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"8462-4\",\"display\":\"Diastolic\"}}]}},\"valueQuantity\":{{\"value\":{60 + (random % 40)},\"unit\":\"mm[Hg]\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}}}},{{\"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"8480-6\",\"display\":\"Systolic\"}}]}},\"valueQuantity\":{{\"value\":{100 + (random % 70)},\"unit\":\"mm[Hg]\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}}}}]}}");
    }

    private void Condition(long patient, int number, ulong random, (string Code, string Display) what)
    {
        Begin("Condition", patient, number, random);
        Append($",\"clinicalStatus\":{{\"coding\":[{{\"system\":\"http://terminology.hl7.org/CodeSystem/condition-clinical\",\"code\":\"active\"}}]}},\"verificationStatus\":{{\"coding\":[{{\"system\":\"http://terminology.hl7.org/CodeSystem/condition-ver-status\",\"code\":\"confirmed\"}}]}},\"category\":[{{\"coding\":[{{\"system\":\"http://terminology.hl7.org/CodeSystem/condition-category\",\"code\":\"encounter-diagnosis\",\"display\":\"Encounter Diagnosis\"}}]}}],\"code\":{{\"coding\":[{{\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":\"{what.Code}\",\"display\":\"{what.Display}\"}}],\"text\":\"{what.Display}\"}}");
        Subject(patient, random);
        Append($",\"onsetDateTime\":\"{Time(random):yyyy-MM-dd}\",\"recordedDate\":\"{Time(random):yyyy-MM-dd}\"}}");
    }

    private void Medicine(long patient, int number, ulong random, string status)
    {
        var (code, display) = Vocabulary.Medicines[(int)(random % (ulong)Vocabulary.Medicines.Length)];
        Begin("MedicationRequest", patient, number, random);
        Append($",\"status\":\"{status}\",\"intent\":\"order\",\"medicationCodeableConcept\":{{\"coding\":[{{\"system\":\"http://www.whocc.no/atc\",\"code\":\"{code}\",\"display\":\"{display}\"}}],\"text\":\"{display}\"}}");
        Subject(patient, random);
        Append($",\"authoredOn\":\"{Time(random):yyyy-MM-dd'T'HH:mm:ss}+01:00\",\"requester\":{{\"reference\":\"Practitioner/{Id(patient % 100, 7)}\",\"display\":\"Dr. Example\"}},\"dosageInstruction\":[{{\"sequence\":1,\"text\":\"Take one daily\",\"timing\":{{\"repeat\":{{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\"}}}}}}]}}");
    }

    private void Encounter(long patient, int number, ulong random)
    {
        Begin("Encounter", patient, number, random);
        Append($",\"status\":\"finished\",\"class\":{{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"AMB\"}},\"type\":[{{\"coding\":[{{\"system\":\"http://snomed.info/sct\",\"code\":\"185349003\",\"display\":\"Encounter for check up\"}}]}}]");
        Subject(patient, random);
        Append($",\"period\":{{\"start\":\"{Time(random):yyyy-MM-dd'T'HH:mm:ss}+01:00\",\"end\":\"{Time(random).AddMinutes(20):yyyy-MM-dd'T'HH:mm:ss}+01:00\"}}}}");
    }

    private void Procedure(long patient, int number, ulong random)
    {
        Begin("Procedure", patient, number, random);
        Append($",\"status\":\"completed\",\"code\":{{\"coding\":[{{\"system\":\"http://snomed.info/sct\",\"code\":\"430193006\",\"display\":\"Medication reconciliation\"}}],\"text\":\"Medication reconciliation\"}}");
        Subject(patient, random);
        Append($",\"performedPeriod\":{{\"start\":\"{Time(random):yyyy-MM-dd'T'HH:mm:ss}+01:00\",\"end\":\"{Time(random).AddMinutes(20):yyyy-MM-dd'T'HH:mm:ss}+01:00\"}}}}");
    }

    private void Begin(string type, long patient, int number, ulong random) =>
        Append($"{{\"resourceType\":\"{type}\",\"id\":\"{Id(patient, number)}\",\"meta\":{Meta(random)}");

    private void Subject(long patient, ulong random) =>
        Append($",\"subject\":{{\"reference\":\"Patient/{Id(patient, -1)}\"}},\"encounter\":{{\"reference\":\"Encounter/{Id(patient, (int)(random % 50) + 1000)}\"}}");

    private void Append(FormattableString text) => _line.Append(text.ToString(CultureInfo.InvariantCulture));

    private static string Meta(ulong random) =>
        $"{{\"versionId\":\"{1 + (random % 3)}\",\"lastUpdated\":\"{Time(random).AddHours(3).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)}.456Z\",\"profile\":[\"http://hl7.org/fhir/us/core/StructureDefinition/us-core\"]}}";

    private static DateTime Time(ulong random) => First.AddMinutes(random % 2_600_000);

    private static string Id(long patient, int number)
    {
        var (high, low) = (Mix((ulong)patient * 7919 + (ulong)(number + 2)), Mix((ulong)patient * 104_729 + (ulong)(number + 2) * 31));
        return new Guid((uint)high, (ushort)(high >> 32), (ushort)(high >> 48), (byte)low, (byte)(low >> 8), (byte)(low >> 16), (byte)(low >> 24), (byte)(low >> 32), (byte)(low >> 40), (byte)(low >> 48), (byte)(low >> 56)).ToString("D");
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
