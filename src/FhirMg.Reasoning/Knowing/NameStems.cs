using System.Buffers;
using System.Text;

namespace FhirMg.Reasoning.Knowing;

/// <summary>Places medicines by name: a word that begins with a stem belongs to the stem's sets (rule IN-8).</summary>
internal sealed class NameStems
{
    private const int KeyLength = 4;
    private readonly Dictionary<ulong, List<(string Stem, MedicineSets Sets, StemRole Role)>> _stems = [];

    /// <summary>Adds a stem.</summary>
    /// <exception cref="ArgumentException">The stem is shorter than four letters.</exception>
    public void Add(string stem, MedicineSets sets, StemRole role)
    {
        var lower = stem.ToLowerInvariant();
        if (lower.Length < KeyLength)
        {
            throw new ArgumentException($"the stem '{stem}' is shorter than {KeyLength} letters", nameof(stem));
        }

        var key = Key(lower);
        if (!_stems.TryGetValue(key, out var list))
        {
            _stems[key] = list = [];
        }

        list.Add((lower, sets, role));
    }

    /// <summary>The sets that one text (a display or a text of a code) names; each text is read by itself.</summary>
    public MedicineSets Find(ReadOnlySpan<byte> text)
    {
        var chars = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            return Find(chars.AsSpan(0, Encoding.UTF8.GetChars(text, chars)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private MedicineSets Find(Span<char> text)
    {
        var sets = MedicineSets.None;
        var roles = StemRole.None;
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetter(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            for (; i < text.Length && char.IsLetter(text[i]); i++)
            {
                text[i] = char.ToLowerInvariant(text[i]);
            }

            Place(text[start..i], ref sets, ref roles);
        }

        if (!roles.HasFlag(StemRole.Magnesium) || roles.HasFlag(StemRole.Salt))
        {
            return sets;
        }

        return sets | (roles.HasFlag(StemRole.Injection) ? MedicineSets.MagnesiumInjection : MedicineSets.MagnesiumByName);
    }

    private void Place(ReadOnlySpan<char> word, ref MedicineSets sets, ref StemRole roles)
    {
        if (word.Length < KeyLength || !_stems.TryGetValue(Key(word), out var stems))
        {
            return;
        }

        var found = StemRole.None;
        foreach (var (stem, stemSets, role) in stems)
        {
            if (word.StartsWith(stem, StringComparison.Ordinal))
            {
                sets |= stemSets;
                found |= role;
            }
        }

        // "magnet" begins as "magne" does, and is none.
        roles |= found.HasFlag(StemRole.Except) ? found & ~(StemRole.Magnesium | StemRole.Except) : found;
    }

    private static ulong Key(ReadOnlySpan<char> word) =>
        word[0] | ((ulong)word[1] << 16) | ((ulong)word[2] << 32) | ((ulong)word[3] << 48);
}

/// <summary>What a stem says beside the sets that it places a medicine in.</summary>
[Flags]
internal enum StemRole
{
    None = 0,
    Magnesium = 1,

    /// <summary>A word that only looks like magnesium.</summary>
    Except = 2,

    /// <summary>A medicine whose magnesium is only the salt that it is made with.</summary>
    Salt = 4,

    /// <summary>The text is about an injection or infusion.</summary>
    Injection = 8,
}
