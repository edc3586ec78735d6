using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace FhirMg.Screening.Facts;

/// <summary>Which hashes of type and id occur more than once, in memory that does not grow with how many do. It may take a few others for repeated.</summary>
internal sealed class RepeatedIdentities
{
    private const int Bits = 25;
    private const ulong Mixing = 0x9E3779B97F4A7C15;
    private readonly ulong[] _marked = new ulong[1 << (Bits - 6)];

    private int _any;

    /// <summary>Those of a store; null when none is repeated.</summary>
    /// <param name="store">Its identities are given back.</param>
    /// <param name="threads">How many look.</param>
    /// <param name="cancellation">Stops it.</param>
    public static RepeatedIdentities? Find(FactStore store, int threads, CancellationToken cancellation)
    {
        var repeated = new RepeatedIdentities();
        try
        {
            Parallel.For(0, Lanes.Identities, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
            {
                var lane = store.Load(Lanes.Identity(i), release: true);
                repeated.Mark(lane.Span);
                lane.GiveBack();
            });
        }
        catch (AggregateException e)
        {
            // What failed, as it would be without threads: the first of them is said to the user.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return repeated._any == 0 ? null : repeated;
    }

    /// <summary>Whether a hash may be repeated; true for each that is.</summary>
    public bool MayContain(ulong hash)
    {
        var bit = BitOf(hash);
        return (_marked[bit >> 6] & (1UL << (int)(bit & 63))) != 0;
    }

    private void Mark(Span<byte> lane)
    {
        var hashes = MemoryMarshal.Cast<byte, ulong>(lane);
        hashes.Sort();
        for (var at = 1; at < hashes.Length; at++)
        {
            if (hashes[at] == hashes[at - 1])
            {
                var bit = BitOf(hashes[at]);
                Interlocked.Or(ref _marked[bit >> 6], 1UL << (int)(bit & 63));
                Volatile.Write(ref _any, 1);
            }
        }
    }

    private static ulong BitOf(ulong hash) => (hash * Mixing) >> (64 - Bits);
}
