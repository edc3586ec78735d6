namespace FhirMg.Screening.Running;

/// <summary>
/// Work that threads do beside each other and give on in the order it was taken. No thread only hands out: each takes what is next, does it, and gives on
/// all that is done and whose turn it is.
/// </summary>
/// <typeparam name="TTaken">What is taken.</typeparam>
/// <typeparam name="TDone">What is made of it.</typeparam>
/// <param name="source">What there is to do, looked at by one thread at a time.</param>
/// <param name="work">Done by several threads at once.</param>
/// <param name="give">Called by one thread at a time, in the order of the source.</param>
/// <param name="most">How many are in hand at most, from taken to given; no fewer than there are threads.</param>
internal sealed class OrderedWork<TTaken, TDone>(IEnumerator<TTaken> source, Func<TTaken, TDone> work, Action<TTaken, TDone> give, int most) : IDisposable
{
    private static readonly TimeSpan LookUp = TimeSpan.FromMilliseconds(100);
    private readonly Lock _taking = new();
    private readonly Lock _giving = new();
    private readonly SemaphoreSlim _room = new(most);
    private readonly (TTaken Taken, TDone Done, bool IsDone)[] _inHand = new (TTaken, TDone, bool)[most];
    private long _taken, _given;
    private bool _isAtEnd;

    /// <summary>Does all of it.</summary>
    /// <exception cref="OperationCanceledException">It was stopped; what was given is whole up to there.</exception>
    /// <exception cref="Exception">What failed first of source, work and giving.</exception>
    public void Run(int threads, CancellationToken cancellation) => Workers.Run(threads, (_, mustEnd) => Work(mustEnd), cancellation);

    public void Dispose() => _room.Dispose();

    private void Work(Func<bool> mustEnd)
    {
        while (HasRoom(mustEnd) && TryTake(out var taken, out var number))
        {
            var done = work(taken);
            lock (_giving)
            {
                _inHand[number % most] = (taken, done, true);
                GiveInTurn();
            }
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

    private bool TryTake(out TTaken taken, out long number)
    {
        lock (_taking)
        {
            _isAtEnd = _isAtEnd || !source.MoveNext();
            if (_isAtEnd)
            {
                // Others who wait for room are to see the end too.
                _room.Release();
                (taken, number) = (default!, 0);
                return false;
            }

            (taken, number) = (source.Current, _taken++);
            return true;
        }
    }

    private void GiveInTurn()
    {
        while (_inHand[_given % most] is (var taken, var done, true))
        {
            _inHand[_given % most] = default;
            _given++;
            give(taken, done);
            _room.Release();
        }
    }
}
