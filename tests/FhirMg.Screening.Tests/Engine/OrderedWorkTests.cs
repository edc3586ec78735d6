using FhirMg.Screening.Running;

namespace FhirMg.Screening.Tests.Engine;

/// <summary>What is done by several threads is given on once each and in order, and whatever fails ends all of them.</summary>
public sealed class OrderedWorkTests
{
    private const int Many = 2_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 8)]
    [InlineData(7, 28)]
    public void Everything_is_given_once_and_in_order(int threads, int most)
    {
        var (given, inHand, mostInHand, giving) = (new List<int>(), 0, 0, 0);
        Run(threads, most, Source(), number =>
        {
            // Some take so long that others overtake them.
            Thread.SpinWait(number % 97 == 0 ? 20_000 : number % 7);
            return number * 2;
        }, (number, done) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref giving));
            Assert.Equal(number * 2, done);
            given.Add(number);
            Interlocked.Decrement(ref inHand);
            Interlocked.Decrement(ref giving);
        });

        Assert.Equal(Enumerable.Range(0, Many), given);
        Assert.InRange(mostInHand, 1, most);

        IEnumerable<int> Source()
        {
            for (var number = 0; number < Many; number++)
            {
                mostInHand = Math.Max(mostInHand, Interlocked.Increment(ref inHand));
                yield return number;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Nothing_to_do_is_done_at_once(int threads) => Run(threads, threads, [], number => number, (_, _) => Assert.Fail("there was nothing"));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_fails_is_thrown_and_ends_all(int threads)
    {
        var given = new List<int>();
        Assert.Equal("work", Assert.Throws<IOException>(() => Run(threads, 4, Enumerable.Range(0, Many), number => number == 50 ? throw new IOException("work") : number, (number, _) => given.Add(number))).Message);
        Assert.Equal(Enumerable.Range(0, given.Count), given);
        Assert.InRange(given.Count, 0, 50);

        Assert.Equal("give", Assert.Throws<IOException>(() => Run(threads, 4, Enumerable.Range(0, Many), number => number, (number, _) => throw new IOException("give"))).Message);
        Assert.Equal("source", Assert.Throws<IOException>(() => Run(threads, 4, Enumerable.Range(0, Many).Select(number => number == 50 ? throw new IOException("source") : number), number => number, (_, _) => { })).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_stop_ends_all_and_what_was_given_is_whole(int threads)
    {
        using var stop = new CancellationTokenSource();
        var given = new List<int>();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(threads, 4, Enumerable.Range(0, Many), number => number, (number, _) =>
        {
            given.Add(number);
            if (number == 100)
            {
                stop.Cancel();
            }
        }, stop));
        Assert.Equal(Enumerable.Range(0, given.Count), given);
        Assert.InRange(given.Count, 101, 101 + 4);
    }

    private static void Run(int threads, int most, IEnumerable<int> source, Func<int, int> work, Action<int, int> give, CancellationTokenSource? stop = null)
    {
        using var numbers = source.GetEnumerator();
        using var ordered = new OrderedWork<int, int>(numbers, work, give, most);
        ordered.Run(threads, stop?.Token ?? TestContext.Current.CancellationToken);
    }
}
