using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace FhirMg.Service.Hosting;

/// <summary>
/// Blocks for what connections receive and send, that hold a chart each: in the web server's own of 4 KB it comes in six pieces, each by a call to the
/// system, which have to be put together, and an answer goes in ten. A connection that waits for a request holds none.
/// </summary>
internal sealed class LargeBlocks : IMemoryPoolFactory<byte>
{
    /// <summary>The size of a block in bytes.</summary>
    public const int Size = 32 * 1024;

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        /// <inheritdoc/>
        public override int MaxBufferSize => Shared.MaxBufferSize;

        /// <inheritdoc/>
        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(Math.Max(minBufferSize, Size));

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            // The arrays are everyone's.
        }
    }
}
