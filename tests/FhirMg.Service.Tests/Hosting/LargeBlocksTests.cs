using FhirMg.Service.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Hosting;

/// <summary>The blocks that the web server receives and sends in.</summary>
public sealed class LargeBlocksTests
{
    [Theory]
    [InlineData(1, LargeBlocks.Size)]
    [InlineData(LargeBlocks.Size + 1, LargeBlocks.Size + 1)]
    public async Task The_web_server_is_given_blocks_as_large_as_it_asks_for_and_larger(int wanted, int least)
    {
        await using var service = await RunningService.StartAsync(RunningService.Serving(new("http://127.0.0.1:9/fhir")));
        using var pool = service.Services.GetRequiredService<IMemoryPoolFactory<byte>>().Create();
        using var block = pool.Rent(wanted);
        Assert.True(block.Memory.Length >= least, $"{block.Memory.Length} bytes");
        Assert.True(pool.MaxBufferSize >= block.Memory.Length);
    }
}
