using System.Text;

namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>JSON of random shape whose names and scalars occur in samples, so that a reader finds what it looks for at wrong places.</summary>
internal sealed class RandomJson(int seed)
{
    private const int Deepest = 7;
    private static readonly (byte[][] Names, byte[][] Scalars) Words = Collect();
    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var json = new List<byte>();
        json.AddRange(_random.Next(4) > 0 ? "{\"resourceType\":\"Bundle\",\"entry\":["u8 : "{\"x\":["u8);
        for (var i = _random.Next(1, 6); i > 0; i--)
        {
            json.AddRange("{\"resource\":"u8);
            Value(json, 1);
            json.AddRange(i > 1 ? "},"u8 : "}"u8);
        }

        json.AddRange("]}"u8);
        return [.. json];
    }

    private void Value(List<byte> json, int depth)
    {
        switch (depth == 1 ? 0 : depth > Deepest ? 9 : _random.Next(10))
        {
            case 0 or 1 or 2:
                json.Add((byte)'{');
                Items(json, depth, named: true);
                json.Add((byte)'}');
                break;
            case 3 or 4:
                json.Add((byte)'[');
                Items(json, depth, named: false);
                json.Add((byte)']');
                break;
            default:
                json.AddRange(Pick(_random.Next(4) == 0 ? Extremes.ShortValues : Words.Scalars));
                break;
        }
    }

    private void Items(List<byte> json, int depth, bool named)
    {
        if (named && depth == 1)
        {
            var type = Pick(["Patient", "Observation", "Condition", "Encounter", "MedicationRequest", "Medication", "AllergyIntolerance", "QuestionnaireResponse", "MedicationAdministration", "Bundle"]);
            json.AddRange(Encoding.UTF8.GetBytes($"\"resourceType\":\"{type}\",\"id\":\"r{_random.Next(9)}\",\"subject\":{{\"reference\":\"Patient/p1\"}},"));
        }

        for (var rest = _random.Next(depth == 1 ? 1 : 0, 8); rest > 0; rest--)
        {
            if (named)
            {
                json.AddRange(Pick(_random.Next(20) == 0 ? Extremes.Names : Words.Names));
                json.Add((byte)':');
            }

            Value(json, depth + 1);
            if (rest > 1)
            {
                json.Add((byte)',');
            }
        }

        if (named && json[^1] == ',')
        {
            json.RemoveAt(json.Count - 1);
        }
    }

    private T Pick<T>(T[] items) => items[_random.Next(items.Length)];

    private static (byte[][] Names, byte[][] Scalars) Collect()
    {
        var (names, scalars) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var sample in Corpus.Samples.Values)
        {
            foreach (var value in JsonSpan.Of(sample)!)
            {
                if (value.IsProperty)
                {
                    var name = Encoding.UTF8.GetString(sample[value.NameStart..value.Start]);
                    names.Add(name[..(name.LastIndexOf('"') + 1)]);
                }

                if (sample[value.Start] is not ((byte)'{' or (byte)'['))
                {
                    scalars.Add(Encoding.UTF8.GetString(sample[value.Start..value.End]));
                }
            }
        }

        return ([.. names.Order(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)], [.. scalars.Order(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)]);
    }
}
