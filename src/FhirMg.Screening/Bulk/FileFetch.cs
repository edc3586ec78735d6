using System.Net;
using FhirMg.Fhir.Servers;

namespace FhirMg.Screening.Bulk;

/// <summary>How the fetching of a file came out.</summary>
internal enum Fetched
{
    /// <summary>It is there, whole.</summary>
    Whole,

    /// <summary>Its link no longer works: a new one is to be had from the job's status.</summary>
    Expired,
}

/// <summary>Fetches one file of an export to its last byte, going on where a connection broke off.</summary>
internal sealed class FileFetch(ExportOptions options, ExportFolder folder)
{
    private const int BufferSize = 128 * 1024;
    private readonly FhirServer _server = options.Server;
    private long _bytes;

    /// <summary>Bytes fetched so far, of all files.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Fetches a file to <see cref="ExportFolder.PartOf"/>.</summary>
    /// <exception cref="FhirServerException">It cannot be had.</exception>
    public async Task<Fetched> FetchAsync(ExportFile file, string name, bool withToken, CancellationToken cancellation)
    {
        var patience = new Patience(options);
        var part = folder.PartOf(name);
        string? validator = null;
        File.Delete(part);
        while (true)
        {
            FhirServerException fault;
            TimeSpan? asked = null;
            try
            {
                var at = validator is null ? 0 : new FileInfo(part) is { Exists: true } begun ? begun.Length : 0;
                using var answer = await _server.OpenFileAsync(new(file.Url) { WithToken = withToken, From = at, Validator = validator }, cancellation).ConfigureAwait(false);
                if (answer.IsSuccess)
                {
                    validator = answer.ETag is { } tag && !tag.StartsWith("W/", StringComparison.Ordinal) ? tag : null;
                    if (answer.MediaType is "text/html" or "application/xhtml+xml")
                    {
                        throw Problem(ServerFault.Unreadable, file, "a page for people came in its place, perhaps a log-in page");
                    }

                    await WriteAsync(answer, part, patience, cancellation).ConfigureAwait(false);
                    return Fetched.Whole;
                }

                if (answer.Status == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    validator = null;
                    continue;
                }

                if (answer.Status == HttpStatusCode.Unauthorized && !withToken && _server.Options.Owns(file.Url))
                {
                    // It says that no token is needed, and asks for one.
                    withToken = true;
                    continue;
                }

                if (!answer.IsTransient)
                {
                    return answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest
                        ? Fetched.Expired
                        : throw Problem(ServerFault.Refused, file, $"{(int)answer.Status} ({await answer.SaidAsync(cancellation).ConfigureAwait(false)})");
                }

                asked = answer.RetryAfter(options.Time.GetUtcNow(), options.LongestWait);
                fault = Problem(ServerFault.Unavailable, file, $"{(int)answer.Status} ({await answer.SaidAsync(cancellation).ConfigureAwait(false)})");
            }
            catch (FhirServerException e) when (e.Fault == ServerFault.Unavailable)
            {
                fault = e;
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException or EndOfStreamException or TimeoutException)
            {
                fault = Problem(ServerFault.Unavailable, file, "the connection broke off", e);
            }

            if (!await patience.WaitAfterFailureAsync(asked, cancellation).ConfigureAwait(false))
            {
                throw fault;
            }
        }
    }

    private async Task WriteAsync(ServerFile answer, string part, Patience patience, CancellationToken cancellation)
    {
        using var target = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);

        // A server that does not know parts sends all of it again.
        target.SetLength(Math.Min(answer.From, target.Length));
        target.Position = target.Length;
        using var body = await answer.OpenAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[BufferSize];
        while (true)
        {
            var read = await ReadAsync(body, buffer, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            Interlocked.Add(ref _bytes, read);
            patience.Reset();
        }

        if (answer.Length is { } length && target.Length != length)
        {
            throw new EndOfStreamException();
        }
    }

    private async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        idle.CancelAfter(options.IdleAfter);
        try
        {
            return await body.ReadAsync(buffer, idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("nothing came", e);
        }
        catch (IOException e)
        {
            throw new HttpRequestException(e.Message, e);
        }
    }

    // The path of a link may name patients, and its query is a key: neither is said.
    private FhirServerException Problem(ServerFault fault, ExportFile file, string problem, Exception? inner = null) =>
        new(_server.Options.Name, fault, $"a file of the export ({(file.Type.Length > 0 ? file.Type : "of unknown type")}, at {file.Url.Authority}) could not be fetched: {problem}", inner);
}
