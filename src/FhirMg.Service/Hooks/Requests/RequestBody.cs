using System.Buffers;
using FhirMg.Reasoning.Knowing;
using FhirMg.Reasoning.Reading;
using FhirMg.Service.Errors;
using StatusCodes = Microsoft.AspNetCore.Http.StatusCodes;

namespace FhirMg.Service.Hooks.Requests;

/// <summary>The bytes of a request, in a buffer that is given back.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>The size that most requests and answers fit in.</summary>
    public const int Common = 32 * 1024;
    private byte[] _buffer;
    private int _length;
    private JsonIndex? _index;

    private RequestBody(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

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

        // A length that is only claimed reserves nothing: the buffer grows with what comes.
        var body = new RequestBody((int)Math.Clamp(request.ContentLength ?? Common, 1, Common));
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(body._buffer.AsMemory(body._length), request.HttpContext.RequestAborted);
                if (read == 0)
                {
                    body.SkipMark();
                    return body;
                }

                body._length += read;
                body.Grow();
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
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
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void Grow()
    {
        if (_length < _buffer.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void SkipMark()
    {
        var mark = "\uFEFF"u8;
        if (Span.StartsWith(mark))
        {
            _length -= mark.Length;
            _buffer.AsSpan(mark.Length, _length).CopyTo(_buffer);
        }
    }
}
