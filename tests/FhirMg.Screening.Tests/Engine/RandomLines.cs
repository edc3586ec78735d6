namespace FhirMg.Screening.Tests.Engine;

/// <summary>
/// Resources whose elements, order, types, spacing and escapes are random: codes that are asked for and others, contained resources, members that repeat,
/// values of the wrong type. Of a resource's own members only resourceType, and code with another type, do not repeat: what those mean nobody has laid down.
/// </summary>
internal sealed class RandomLines(int seed)
{
    private static readonly string[] Types = ["Observation", "Condition", "Encounter", "Procedure", "Patient", "MedicationRequest", "Observ\\u0061tion", "ProcedureRequest"];
    private static readonly string[] Systems = ["http://loinc.org", "http://hl7.org/fhir/sid/icd-10-cm", "http://snomed.info/sct", "https://hospital.example", "http:\\/\\/loinc.org"];
    private static readonly string[] Codes = ["2601-3", "2339-0", "85354-9", "98979-8", "G43.909", "I10", "E83.42", "37796009", "2601\\u002d3", "x\\\"y", "2601-3 ", ""];
    private static readonly string[] Names = ["id", "status", "code", "subject", "component", "meta", "text", "category", "class", "clinicalStatus", "verificationStatus", "reasonCode",
        "reasonReference", "diagnosis", "onsetDateTime", "onsetPeriod", "abatementDateTime", "contained", "valueQuantity", "valueCodeableConcept", "effectiveDateTime", "note", "encounter", "c\\u006fde", "c\\u006fmponent", "birthDate", "period"];
    private readonly Random _random = new(seed);

    public string Next()
    {
        var members = new List<string> { $"\"resourceType\"{Colon()}\"{One(Types.AsSpan(0, _random.Next(4) > 0 ? 4 : Types.Length))}\"" };
        var withCode = false;
        for (var count = _random.Next(1, 9); count > 0; count--)
        {
            var name = One(Names);
            if (!(name is "code" or "c\\u006fde") || !withCode)
            {
                members.Add($"\"{name}\"{Colon()}{Value(name)}");
                withCode |= name is "code" or "c\\u006fde";
            }
        }

        if (_random.Next(8) == 0)
        {
            (members[0], members[^1]) = (members[^1], members[0]);
        }

        return $"{{{Space()}{string.Join(',', members)}{Space()}}}";
    }

    private string Value(string name) => _random.Next(12) == 0 ? Any(2) : name switch
    {
        "id" or "birthDate" or "onsetDateTime" or "abatementDateTime" or "effectiveDateTime" => One("\"a1\"", "\"2020-01-02\"", "\"2020\\u002d01\"", "null"),
        "status" => One("\"final\"", "\"finished\"", "\"in-progress\"", "\"in\\u002dprogress\"", "\"active\""),
        "subject" => One("{\"reference\":\"Patient/p1\"}", "{\"reference\":\"Group/g\"}", "{\"display\":\"x\",\"reference\":\"Patient/p2\",\"identifier\":{\"value\":\"1\"}}", "{}", "{\"reference\":\"#p\"}"),
        "code" or "c\\u006fde" or "clinicalStatus" or "verificationStatus" or "valueCodeableConcept" => Concept(),
        "category" or "reasonCode" => $"[{Concept()}]",
        "class" => One(Coding(), $"[{Concept()}]"),
        "component" => $"[{string.Join(',', Enumerable.Range(0, _random.Next(1, 3)).Select(_ => $"{{\"code\"{Colon()}{(_random.Next(9) == 0 ? Any(1) : Concept())},\"valueQuantity\":{Any(1)}}}"))}]",
        "contained" => $"[{{\"resourceType\":\"{One(Types)}\",\"id\":\"p\",\"code\":{Concept()}}}]",
        "meta" => "{\"versionId\":\"1\",\"lastUpdated\":\"2020-01-02T00:00:00Z\"}",
        "text" => One("{\"div\":\"<p>\\\"code\\\":{\\\"coding\\\":[]}</p>\"}", "{\"div\":\"{[]}\"}"),
        _ => Any(2),
    };

    private string Concept() => _random.Next(20) == 0 ? Any(1)
        : $"{{\"coding\"{Colon()}[{string.Join(',', Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Coding()))}]{One("", "", ",\"text\":\"words\"", ",\"text\":\"w\\\"o\"", ",\"text\":1", ",\"coding\":[]")}}}";

    private string Coding() => $"{{{string.Join(',', Parts())}}}";

    private IEnumerable<string> Parts()
    {
        if (_random.Next(6) > 0)
        {
            yield return $"\"system\"{Colon()}\"{One(Systems)}\"";
        }

        for (var count = _random.Next(20) == 0 ? 2 : 1; count > 0; count--)
        {
            yield return _random.Next(20) == 0 ? "\"code\":7" : $"\"code\"{Colon()}\"{One(Codes)}\"";
        }

        if (_random.Next(3) == 0)
        {
            yield return One("\"display\":\"d\"", "\"userSelected\":true", "\"display\":null", "\"extension\":[{}]");
        }
    }

    private string Any(int depth) => _random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => "1.5",
        1 => "null",
        2 => $"\"{One(Codes)}\"",
        3 => "true",
        4 => "\"\\ud800\"",
        5 => $"[{Any(depth - 1)},{Any(depth - 1)}]",
        6 => $"{{\"code\":{Any(depth - 1)},\"component\":{Any(depth - 1)}}}",
        _ => $"{{\"value\":{Any(depth - 1)},\"code\":\"{One(Codes)}\"}}",
    };

    private string Colon() => _random.Next(40) == 0 ? " : " : ":";

    private string Space() => _random.Next(40) == 0 ? " " : "";

    private string One(params ReadOnlySpan<string> choices) => choices[_random.Next(choices.Length)];
}
