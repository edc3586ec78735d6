using System.Buffers;
using FhirMg.Reasoning.Knowing;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// The resources of Bundles in a text whose shapes are known, found before the text's tokens are: what fits a shape is JSON, and nobody need look
/// for tokens in it.
/// </summary>
internal sealed class KnownResources
{
    private const int Commonly = 64;

    private readonly ResourceShapes _shapes;
    private KnownResource[] _found = ArrayPool<KnownResource>.Shared.Rent(Commonly);
    private int _count;
    private int _next;

    private KnownResources(ResourceShapes shapes) => _shapes = shapes;

    /// <summary>The shapes that were looked for; they learn what was not known.</summary>
    public ResourceShapes Shapes => _shapes;

    /// <summary>Those found, in order.</summary>
    public ReadOnlySpan<KnownResource> All => _found.AsSpan(0, _count);

    /// <summary>Looks for the resources of entries.</summary>
    /// <param name="json">The text; it need be no valid JSON.</param>
    /// <param name="knowledge">The knowledge that the facts are read with.</param>
    public static KnownResources In(ReadOnlySpan<byte> json, Knowledge knowledge)
    {
        var known = new KnownResources(ResourceShapes.Of(knowledge));
        known.Look(json);
        return known;
    }

    /// <summary>The resource whose brace stands there; <see cref="KnownResource.None"/> where none is known.</summary>
    /// <param name="start">Where.</param>
    public ref readonly KnownResource At(int start)
    {
        // They are read in order, but for jumps from one page to another.
        if (_next < _count && _found[_next].Start == start)
        {
            return ref _found[_next++];
        }

        var (low, high) = (0, _count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var there = _found[middle].Start;
            if (there == start)
            {
                _next = middle + 1;
                return ref _found[middle];
            }

            (low, high) = there < start ? (middle + 1, high) : (low, middle - 1);
        }

        return ref KnownResource.None;
    }

    /// <summary>Gives the memory back; none is known any more.</summary>
    public void Return()
    {
        ArrayPool<KnownResource>.Shared.Return(_found);
        (_found, _count) = ([], 0);
    }

    // "resource": within a text would have escaped quotation marks, so where it stands, the resource of an entry follows or all is no JSON.
    private void Look(ReadOnlySpan<byte> json)
    {
        var name = "resource\""u8;
        for (var at = 0; ;)
        {
            var next = json[at..].IndexOf(name);
            if (next < 0)
            {
                return;
            }

            at += next + name.Length;
            var start = at + Brace(json[at..]);
            if (start < at || at == name.Length || json[at - name.Length - 1] != '"')
            {
                continue;
            }

            var texts = new ResourceTexts(json[start..]);
            if (_shapes.Find(json[start..], ref texts, out var length) is { } shape)
            {
                Add(new(start, length, shape, texts.Places));
                at = start + length;
            }
        }
    }

    // Where the brace behind a name's colon stands; negative where there is none.
    private static int Brace(ReadOnlySpan<byte> behind)
    {
        var colon = PassWhite(behind, 0);
        if (colon == behind.Length || behind[colon] != ':')
        {
            return -1;
        }

        var brace = PassWhite(behind, colon + 1);
        return brace < behind.Length && behind[brace] == '{' ? brace : -1;
    }

    private static int PassWhite(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private void Add(in KnownResource one)
    {
        if (_count == _found.Length)
        {
            var larger = ArrayPool<KnownResource>.Shared.Rent(_count * 2);
            _found.CopyTo(larger, 0);
            ArrayPool<KnownResource>.Shared.Return(_found);
            _found = larger;
        }

        _found[_count++] = one;
    }
}

/// <summary>A resource of a known shape.</summary>
/// <param name="Start">Where its first brace stands.</param>
/// <param name="Length">Its length in bytes, with both braces.</param>
/// <param name="Shape">Its shape; null where this is none.</param>
/// <param name="Texts">Where the texts stand in it that facts are made of.</param>
internal readonly record struct KnownResource(int Start, int Length, ResourceShape? Shape, TextPlaces Texts)
{
    private static readonly KnownResource[] Nothing = [default];

    /// <summary>None: it has no shape.</summary>
    public static ref readonly KnownResource None => ref Nothing[0];
}
