namespace FhirMg.Reasoning.Tests.Fuzzing;

/// <summary>Spoils JSON text: bytes, tokens, types, names, order. The same for the same seed.</summary>
internal sealed class Mutator(int seed)
{
    private const int Largest = 200_000;
    private readonly Random _random = new(seed);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>A text spoilt in one to eight places.</summary>
    public byte[] Spoil(byte[] json, IReadOnlyList<byte[]> others)
    {
        for (var rest = 1 + _random.Next(_random.Next(1, 9)); rest > 0 && json.Length is > 0 and < Largest; rest--)
        {
            json = JsonSpan.Of(json) is { Count: > 1 } values && !Chance(0.1) ? Tokens(json, values, others) : Bytes(json);
        }

        return json;
    }

    /// <summary>Bytes that mean nothing, with a leaning to those that JSON is made of.</summary>
    public byte[] Noise()
    {
        var noise = new byte[_random.Next(200)];
        _random.NextBytes(noise);
        if (Chance(0.7))
        {
            var structure = "{}[]\",:0e-.\\untrl\n "u8;
            for (var i = 0; i < noise.Length; i++)
            {
                noise[i] = Chance(0.9) ? structure[noise[i] % structure.Length] : noise[i];
            }
        }

        return Chance(0.5) ? [(byte)'{', .. noise] : noise;
    }

    private byte[] Bytes(byte[] json)
    {
        var at = _random.Next(json.Length);
        switch (_random.Next(4))
        {
            case 0:
                var flipped = (byte[])json.Clone();
                flipped[at] ^= (byte)(1 << _random.Next(8));
                return flipped;
            case 1:
                return json[..at];
            case 2:
                return Splice(json, at, at, [(byte)_random.Next(256)]);
            default:
                return Splice(json, at, Math.Min(json.Length, at + 1 + _random.Next(20)), []);
        }
    }

    private byte[] Tokens(byte[] json, List<JsonSpan> values, IReadOnlyList<byte[]> others)
    {
        var value = values[1 + _random.Next(values.Count - 1)];
        switch (_random.Next(9))
        {
            case 0 or 1 or 2:
                return Splice(json, value.Start, value.End, Pick(Extremes.Values));
            case 3:
                return Delete(json, value);
            case 4:
                return Splice(json, value.End, value.End, [(byte)',', .. Whole(json, value)]);
            case 5:
                return Swap(json, value, values[1 + _random.Next(values.Count - 1)]);
            case 6:
                return value.IsProperty ? Splice(json, value.NameStart, value.Start, [.. Pick(Extremes.Names), (byte)':']) : Delete(json, value);
            case 7:
                // To the end of its object: resourceType last, a fullUrl after its resource.
                var end = values[value.Parent].End - 1;
                return Delete(Splice(json, end, end, [(byte)',', .. Whole(json, value)]), value);
            default:
                var other = Pick(others);
                var donor = JsonSpan.Of(other) is { } donors ? Pick(donors) : default;
                return Splice(json, value.Start, value.End, donor.End > 0 ? other.AsSpan(donor.Start..donor.End) : "{}"u8);
        }
    }

    private static byte[] Swap(byte[] json, JsonSpan one, JsonSpan two)
    {
        var (first, second) = one.Start < two.Start ? (one, two) : (two, one);
        return first.End > second.Start
            ? json
            : [.. json[..first.Start], .. json[second.Start..second.End], .. json[first.End..second.Start], .. json[first.Start..first.End], .. json[second.End..]];
    }

    private static byte[] Whole(byte[] json, JsonSpan value) => json[value.NameStart..value.End];

    private static byte[] Delete(byte[] json, JsonSpan value)
    {
        var rest = json.AsSpan(value.End).TrimStart(" \t\r\n"u8);
        if (rest.StartsWith(","u8))
        {
            return Splice(json, value.NameStart, json.Length - rest.Length + 1, []);
        }

        var before = json.AsSpan(0, value.NameStart).TrimEnd(" \t\r\n"u8);
        return Splice(json, before.EndsWith(","u8) ? before.Length - 1 : value.NameStart, value.End, []);
    }

    private static byte[] Splice(byte[] json, int start, int end, ReadOnlySpan<byte> replacement) =>
        [.. json.AsSpan(0, start), .. replacement, .. json.AsSpan(end)];
}
