using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>A call is read the same however its bytes come.</summary>
public sealed class BodyTests
{
    private const int Pieces = 3;

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(32 * 1024)]
    [InlineData((32 * 1024) + 1)]
    [InlineData(200_000)]
    public async Task In_one_piece_or_several_with_a_length_or_without(int size)
    {
        await using var service = await CardTests.StartAsync();
        var call = Call.Of("adult-mild-with-migraine");
        var plain = await call.SendAsync(service);
        Assert.NotEmpty(plain.Cards);
        var body = Encoding.UTF8.GetBytes(call.Body.ToJsonString().PadRight(size));
        byte[] marked = [.. Encoding.UTF8.Preamble, .. body];
        foreach (var bytes in new[] { body, marked })
        {
            foreach (var (pieces, hasLength) in new[] { (1, true), (Pieces, true), (1, false), (Pieces, false) })
            {
                using var content = new Piecemeal(bytes, pieces, hasLength);
                using var response = await service.Http.PostAsync(new Uri($"cds-services/{Call.PatientView}", UriKind.Relative), content, TestContext.Current.CancellationToken);
                Assert.Equal(plain.Text, (await CallAnswer.ReadAsync(response)).Text);
            }
        }
    }

    /// <summary>What comes in pieces, each sent before the next is there.</summary>
    private sealed class Piecemeal : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly int _pieces;
        private readonly bool _hasLength;

        public Piecemeal(byte[] bytes, int pieces, bool hasLength)
        {
            (_bytes, _pieces, _hasLength) = (bytes, pieces, hasLength);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var piece in _bytes.Chunk((_bytes.Length / _pieces) + 1))
            {
                await stream.WriteAsync(piece);
                await stream.FlushAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return _hasLength;
        }
    }
}
