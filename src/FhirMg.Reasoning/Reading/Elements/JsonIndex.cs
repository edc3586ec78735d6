using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FhirMg.Reasoning.Reading;

/// <summary>
/// Where the tokens of a JSON text begin, found 64 bytes at a time without a branch on what they are (after Langdale and Lemire,
/// "Parsing gigabytes of JSON per second", 2019). Whether they stand in the right order is for <see cref="JsonCursor"/> to say.
/// </summary>
internal sealed class JsonIndex
{
    private const int Block = 64;

    // Written eight at a time, the last of them for nothing.
    private const int Stride = 8;

    // FHIR's tokens are longer: enough for nearly every text, so that its index need not grow and be copied.
    private const int BytesOfToken = 3;

    // What is kept for the next text: far more than a resource has.
    private const int MostKept = 1 << 16;
    private int[] _starts = [];
    private int[] _ends = [];
    private int _count;

    /// <summary>Resources that were known beforehand, each of which stands in the index as an empty object; null for none.</summary>
    public KnownResources? Known { get; private set; }

    /// <summary>Whether a backslash stands anywhere, so that texts may have escapes.</summary>
    public bool HasEscapes { get; private set; }

    /// <summary>Whether a text does not end, or a control character stands where none may.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The first bytes of tokens and of what separates them, in ascending order, and the length of the whole behind the last.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, _count + 1);

    /// <summary>
    /// For a cursor to note, by the first token of each object and array that it passes over, which token is its last; empty where none is to. What stands
    /// at any other token is of another text.
    /// </summary>
    public Span<int> Ends => _ends.Length == 0 ? default : _ends;

    /// <summary>Looks through a text; what was known of the one before is forgotten.</summary>
    public void Build(ReadOnlySpan<byte> json)
    {
        var state = default(State);
        var (at, count) = (0, 0);
        if (_starts.Length < json.Length / BytesOfToken)
        {
            Exchange(0, json.Length / BytesOfToken);
        }

        foreach (ref readonly var known in Known is null ? default : Known.All)
        {
            // Its braces, and nothing between them. Within a text it would be none, and all would be no JSON.
            count = Add(json[..(known.Start + 1)], at, count, ref state);
            at = known.Start + (state.InText == 0 ? known.Length - 1 : 1);
        }

        count = Add(json, at, count, ref state);

        // A name is looked at together with its colon, where the text may end before both.
        Need(count, 2);
        _starts[count] = json.Length;
        _starts[count + 1] = json.Length;
        _count = count;
        HasEscapes = state.HasEscapes;
        IsBroken = state.IsBroken || state.InText != 0;
    }

    /// <summary>An index of a text, to be given back when that is read.</summary>
    public static JsonIndex Of(ReadOnlySpan<byte> json)
    {
        var index = new JsonIndex();
        index.Build(json);
        return index;
    }

    /// <summary>An index of a text that is passed over before its parts are read, so that within them nothing need be passed over again.</summary>
    /// <param name="json">The text.</param>
    /// <param name="known">Resources of it that need no index; it is given back with this. Null for none.</param>
    public static JsonIndex WithEnds(ReadOnlySpan<byte> json, KnownResources? known = null)
    {
        var index = new JsonIndex { Known = known };
        index.Build(json);
        index._ends = ArrayPool<int>.Shared.Rent(index._count + 1);
        return index;
    }

    /// <summary>Gives the memory back; no cursor may read on.</summary>
    public void Return()
    {
        Return(ref _starts);
        Return(ref _ends);
        Known?.Return();
        Known = null;
    }

    /// <summary>Gives memory back that an uncommonly long text took.</summary>
    public void Trim()
    {
        if (_starts.Length > MostKept)
        {
            Return();
        }
    }

    // From a place to the end.
    private int Add(ReadOnlySpan<byte> json, int at, int count, ref State state)
    {
        for (; at + Block <= json.Length; at += Block)
        {
            var starts = Found(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(json), (nuint)at), ref state);
            count = Add(starts, at, count);
        }

        if (at < json.Length)
        {
            Span<byte> last = stackalloc byte[Block];
            last.Fill((byte)' ');
            json[at..].CopyTo(last);
            count = Add(Found(Vector512.Create(last), ref state), at, count);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Found(Vector512<byte> block, ref State state)
    {
        var quotes = Mask(block, (byte)'"');
        var backslashes = Mask(block, (byte)'\\');
        if ((backslashes | state.Escaped) != 0)
        {
            state.HasEscapes = true;
            quotes &= ~Escaped(backslashes, ref state.Escaped);
        }

        // From each opening quotation mark to before the closing one.
        var texts = PrefixXor(quotes) ^ state.InText;
        state.InText = (ulong)((long)texts >> 63);

        // Braces and brackets differ in one bit only from each other.
        var low = block | Vector512.Create((byte)0x20);
        var marks = (Vector512.Equals(low, Vector512.Create((byte)'{')) | Vector512.Equals(low, Vector512.Create((byte)'}'))
            | Vector512.Equals(block, Vector512.Create((byte)':')) | Vector512.Equals(block, Vector512.Create((byte)','))).ExtractMostSignificantBits();
        var white = Mask(block, (byte)' ');
        var control = Vector512.LessThan(block, Vector512.Create((byte)' ')).ExtractMostSignificantBits();
        if (control != 0)
        {
            white |= Mask(block, (byte)'\n') | Mask(block, (byte)'\r') | Mask(block, (byte)'\t');
            state.IsBroken |= (control & (texts | ~white)) != 0;
        }

        var others = ~(texts | quotes | marks | white);
        var starts = (marks & ~texts) | (quotes & texts) | (others & ~((others << 1) | state.InOther));
        state.InOther = others >> 63;
        return starts;
    }

    // What each backslash that is not escaped itself escapes.
    private static ulong Escaped(ulong backslashes, ref ulong carried)
    {
        var escaped = carried;
        carried = 0;
        for (var rest = backslashes & ~escaped; rest != 0;)
        {
            var bit = rest & (~rest + 1);
            escaped |= bit << 1;
            carried = bit >> 63;
            rest &= ~(bit | (bit << 1));
        }

        return escaped;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Add(ulong bits, int at, int known)
    {
        Need(known, Block + 1);
        var count = BitOperations.PopCount(bits);
        ref var start = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_starts), known);
        for (var written = 0; written < count; written += Stride)
        {
            for (var i = 0; i < Stride; i++)
            {
                Unsafe.Add(ref start, written + i) = at + BitOperations.TrailingZeroCount(bits);
                bits &= bits - 1;
            }
        }

        return known + count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Need(int known, int more)
    {
        if (_starts.Length - known < more)
        {
            Grow(known, more);
        }
    }

    private void Grow(int known, int more) => Exchange(known, Math.Max(known + more, 2 * known));

    private void Exchange(int known, int least)
    {
        var larger = ArrayPool<int>.Shared.Rent(least);
        _starts.AsSpan(0, known).CopyTo(larger);
        Return(ref _starts);
        _starts = larger;
    }

    private static void Return(ref int[] rented)
    {
        if (rented.Length > 0)
        {
            ArrayPool<int>.Shared.Return(rented);
            rented = [];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector512<byte> block, byte value) => Vector512.Equals(block, Vector512.Create(value)).ExtractMostSignificantBits();

    /// <summary>Each bit as the parity of itself and all below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        }

        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    /// <summary>What a block hands on to the next.</summary>
    private struct State
    {
        /// <summary>All bits where the next block begins within a text.</summary>
        public ulong InText;

        /// <summary>The lowest bit where its first byte is escaped.</summary>
        public ulong Escaped;

        /// <summary>The lowest bit where its first byte may go on with a number or word.</summary>
        public ulong InOther;

        public bool HasEscapes;

        public bool IsBroken;
    }
}
