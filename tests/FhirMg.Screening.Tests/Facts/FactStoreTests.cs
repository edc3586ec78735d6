using FhirMg.Screening.Facts;

namespace FhirMg.Screening.Tests.Facts;

/// <summary>Facts come back as they were put, from memory and from disk, and their memory is used again.</summary>
public sealed class FactStoreTests : IDisposable
{
    private const long Memory = 16_000_000;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"fhirmg-facts-{Guid.CreateVersion7()}.bin");

    [Fact]
    public void Facts_come_back_whatever_went_to_disk()
    {
        using var store = new FactStore(_path, 3, [], Memory);
        var random = new Random(3);
        Dictionary<int, List<byte[]>> put = [];
        for (var i = 0; i < 30_000; i++)
        {
            // Also longer ones than a block.
            var record = new byte[random.Next(200) == 0 ? 40_000 : random.Next(100)];
            random.NextBytes(record);
            var lane = random.Next(5);
            store.Writer(0).Append(lane, record);
            (put.TryGetValue(lane, out var records) ? records : put[lane] = []).Add(record);
            if (i % 9_000 == 8_999)
            {
                store.Spill();
                Assert.Equal(0, store.InMemory);
            }
        }

        foreach (var (lane, records) in put)
        {
            var loaded = store.Load(lane, release: true);
            Assert.Equal(records, Walk(loaded));
            loaded.GiveBack();
        }

        Assert.Equal(0, store.Load(7, release: true).Length);
    }

    // Else each time that facts go to disk as much is taken anew, until the collector takes back what they stood in.
    [Fact]
    public void Blocks_whose_facts_went_to_disk_are_filled_again()
    {
        using var store = new FactStore(_path, 1, [], Memory);
        Fill();
        store.Spill();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.True(store.InMemory > 7_000_000);
        store.Spill();
        store.Trim();
        before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before > 7_000_000);

        void Fill()
        {
            for (var i = 0; i < 80_000; i++)
            {
                store.Writer(0).Append(i % Lanes.Count, new ReadOnlySpan<byte>(Record));
            }
        }
    }

    // Else every piece that is read would be brought to disk by itself.
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public void One_fact_of_each_lane_fits_into_memory_whatever_the_workers(int workers)
    {
        using var store = new FactStore(_path, workers, [], Memory);
        for (var worker = 0; worker < workers; worker++)
        {
            for (var lane = 0; lane < Lanes.Count; lane++)
            {
                store.Writer(worker).Append(lane, new ReadOnlySpan<byte>(Record));
            }
        }

        Assert.InRange(store.InMemory, 1, Memory * 3 / 4);
    }

    public void Dispose() => File.Delete(_path);

    private static readonly byte[] Record = new byte[100];

    private static List<byte[]> Walk(LoadedLane lane)
    {
        List<byte[]> records = [];
        var walk = new RecordWalk(lane.Span);
        while (walk.Next())
        {
            records.Add(walk.Record.ToArray());
        }

        return records;
    }
}
