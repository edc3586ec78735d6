namespace FhirMg.Screening.Running;

/// <summary>
/// Work that threads do beside each other and give on in the order it was taken. No thread only hands out: each takes what is next, does it, and gives on
/// what is done, unless another is giving.
/// </summary>
/// <typeparam name="TTaken">What is taken.</typeparam>
/// <typeparam name="TDone">What is made of it.</typeparam>
/// <param name="source">What there is to do, looked at by one thread at a time.</param>
/// <param name="work">Done by several threads at once.</param>
/// <param name="give">Called by one thread at a time, in the order of the source.</param>
/// <param name="most">How many are in hand at most, from taken to given.</param>
internal sealed class OrderedWork<TTaken, TDone>(IEnumerator<TTaken> source, Func<TTaken, TDone> work, Action<TTaken, TDone> give, int most) : IDisposable
{
    private static readonly TimeSpan LookUp = TimeSpan.FromMilliseconds(100);
    private readonly Lock _taking = new();
    private readonly Lock _giving = new();
    private readonly SemaphoreSlim _room = new(most);
    private readonly Slot[] _inHand = [.. Enumerable.Range(0, most).Select(_ => new Slot())];
    private long _taken, _given;
    private bool _isAtEnd;

    private Slot Next => _inHand[Volatile.Read(ref _given) % most];

    /// <summary>Does all of it.</summary>
    public void Run(int threads, CancellationToken cancellation) => Workers.Run(threads, (_, mustEnd) => Work(mustEnd), cancellation);

    public void Dispose() => _room.Dispose();

    private void Work(Func<bool> mustEnd)
    {
        while (HasRoom(mustEnd) && TryTake(out var slot, out var taken))
        {
            slot.Fill(taken, work(taken));
            GiveInTurn();
        }
    }

    private bool HasRoom(Func<bool> mustEnd)
    {
        while (!mustEnd())
        {
            if (_room.Wait(LookUp))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryTake(out Slot slot, out TTaken taken)
    {
        lock (_taking)
        {
            _isAtEnd = _isAtEnd || !source.MoveNext();
            (slot, taken) = _isAtEnd ? (_inHand[0], default!) : (_inHand[_taken++ % most], source.Current);
            return !_isAtEnd;
        }
    }

    // Looked at again after the lock is let go: what another filled meanwhile it left to us.
    private void GiveInTurn()
    {
        while (Next.IsFull && _giving.TryEnter())
        {
            try
            {
                while (Next.TryEmpty(out var taken, out var done))
                {
                    Volatile.Write(ref _given, _given + 1);
                    give(taken, done);
                    _room.Release();
                }
            }
            finally
            {
                _giving.Exit();
            }
        }
    }

    private sealed class Slot
    {
        private TTaken _taken = default!;
        private TDone _done = default!;
        private volatile bool _isFull;

        public bool IsFull => _isFull;

        public void Fill(TTaken taken, TDone done)
        {
            (_taken, _done) = (taken, done);
            _isFull = true;
        }

        public bool TryEmpty(out TTaken taken, out TDone done)
        {
            if (!_isFull)
            {
                (taken, done) = (default!, default!);
                return false;
            }

            (taken, done, _taken, _done) = (_taken, _done, default!, default!);
            _isFull = false;
            return true;
        }
    }
}
