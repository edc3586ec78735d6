using System.Buffers;
using System.IO.Pipelines;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Errors;
using StatusCodes = Microsoft.AspNetCore.Http.StatusCodes;

namespace FhirMg.Service.Hooks.Requests;

/// <summary>The bytes of a request: where they were received if they came in one piece, else in a buffer. Both are given back.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>The size that most requests and answers fit in.</summary>
    public const int Common = 32 * 1024;
    private readonly SequencePosition _end;
    private PipeReader? _receiver;
    private byte[] _buffer = [];
    private JsonIndex? _index;

    private RequestBody(PipeReader receiver, in ReadOnlySequence<byte> received)
    {
        (_receiver, _end) = (receiver, received.End);
        Memory = received.First;
    }

    private RequestBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        Memory = buffer.AsMemory(0, length);
    }

    public ReadOnlySpan<byte> Span => Memory.Span;

    public ReadOnlyMemory<byte> Memory { get; private set; }

    /// <summary>
    /// Where the tokens of its JSON begin, but for those within resources whose shape is known: for this thread alone, until
    /// <see cref="DropIndex"/>. One that was made before is gone.
    /// </summary>
    /// <param name="knowledge">The knowledge that the resources are read with.</param>
    public JsonIndex Index(Knowledge knowledge)
    {
        DropIndex();
        return _index = JsonIndex.WithEnds(Span, KnownResources.In(Span, knowledge));
    }

    /// <exception cref="RequestException">It is no JSON in UTF-8.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request)
    {
        if (request.ContentType is { } type && !type.Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "not-supported", "the body must be application/json");
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "not-supported", "the body must not be compressed");
        }

        var body = request.ContentLength is > 0 and <= Common and var length ? await ReceiveAsync(request, (int)length) : await CopyAsync(request);
        body.SkipMark();
        return body;
    }

    /// <summary>Gives back the index once all is read: the next call of this thread takes it.</summary>
    public void DropIndex()
    {
        _index?.Return();
        _index = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        DropIndex();
        Memory = default;
        _receiver?.AdvanceTo(_end);
        _receiver = null;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private static async ValueTask<RequestBody> ReceiveAsync(HttpRequest request, int length)
    {
        var receiver = request.BodyReader;
        var received = (await receiver.ReadAtLeastAsync(length, request.HttpContext.RequestAborted)).Buffer;
        if (received.IsSingleSegment)
        {
            return new(receiver, received);
        }

        var all = (int)received.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(all);
        received.CopyTo(buffer);
        receiver.AdvanceTo(received.End);
        return new(buffer, all);
    }

    // A length that is only claimed reserves nothing: the buffer grows with what comes.
    private static async ValueTask<RequestBody> CopyAsync(HttpRequest request)
    {
        var (buffer, length) = (ArrayPool<byte>.Shared.Rent(Common), 0);
        try
        {
            while (await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted) is > 0 and var read)
            {
                length += read;
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return new(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private void SkipMark()
    {
        var mark = "\uFEFF"u8;
        if (Span.StartsWith(mark))
        {
            Memory = Memory[mark.Length..];
        }
    }
}
