using System.Globalization;
using System.Text.Json.Nodes;

namespace FhirMg.Simulators;

/// <summary>What goes wrong between FHIR clients and servers, by name. Each strikes every request until limited: <c>Faults.Status(503).Once().On("Observation")</c>.</summary>
public static partial class Faults
{
    /// <summary>A slow server or line: every answer comes this much later.</summary>
    public static Fault Latency(TimeSpan delay) => new("latency", async (_, rest, stopped) =>
    {
        await Task.Delay(delay, stopped);
        return await rest();
    });

    /// <summary>A server that takes the request and never answers.</summary>
    public static Fault Hang() => new("hang", async (_, _, stopped) =>
    {
        await Task.Delay(Timeout.Infinite, stopped);
        return new Answer(503);
    });

    /// <summary>A plain failure (408, 425, 500, 502, 504 …) with an OperationOutcome, or what the style says.</summary>
    public static Fault Status(int status, ErrorStyle style = ErrorStyle.OperationOutcome) => Instead($"status {status}", () => Answer.Error(status, "Failing on purpose", style));

    /// <summary>A failure of a gateway in front: the work was done, the answer lost, this status sent.</summary>
    public static Fault DoneButFailed(int status = 504) => new($"done but {status}", async (_, rest, _) =>
    {
        await rest();
        return Answer.Error(status, "The answer was lost", ErrorStyle.Html);
    });

    /// <summary><c>Retry-After: SECONDS</c> with 429 or 503.</summary>
    public static Fault RetryAfterSeconds(int status, int seconds) => RetryAfter(status, () => seconds.ToString(CultureInfo.InvariantCulture));

    /// <summary><c>Retry-After</c> as an HTTP-date so far from now; in the past when negative.</summary>
    public static Fault RetryAfterDate(int status, TimeSpan fromNow, TimeProvider? clock = null) =>
        RetryAfter(status, () => ((clock ?? TimeProvider.System).GetUtcNow() + fromNow).ToString("R", CultureInfo.InvariantCulture));

    /// <summary><c>Retry-After</c> as seconds since 1970, as some bulk servers send it.</summary>
    public static Fault RetryAfterEpoch(int status, TimeSpan fromNow, TimeProvider? clock = null) =>
        RetryAfter(status, () => ((clock ?? TimeProvider.System).GetUtcNow() + fromNow).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    /// <summary><c>Retry-After</c> that is neither a number nor a date.</summary>
    public static Fault RetryAfterGarbage(int status, string garbage = "soon") => RetryAfter(status, () => garbage);

    /// <summary><c>Retry-After</c> of ten years, which no client should wait.</summary>
    public static Fault RetryAfterAbsurd(int status) => RetryAfter(status, () => "315360000");

    /// <summary><c>x-ms-retry-after-ms</c>, as Azure sends it.</summary>
    public static Fault RetryAfterMilliseconds(int status, int milliseconds) =>
        Instead("x-ms-retry-after-ms", () => Answer.Error(status, "Too many requests", ErrorStyle.OperationOutcome).With("x-ms-retry-after-ms", milliseconds.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A token that expired early, once: 401 with <c>invalid_token</c>.</summary>
    public static Fault ExpiredToken() =>
        Instead("expired token", () => Answer.Error(401, "The token has expired", ErrorStyle.OperationOutcome).With("WWW-Authenticate", "Bearer error=\"invalid_token\"")).Once();

    /// <summary>A redirect to another place, with the path and query kept: a moved server, or a thief of tokens.</summary>
    public static Fault RedirectTo(Uri place, int status = 302) => new($"redirect {status}", (request, _, _) =>
        Task.FromResult(new Answer(status).With("Location", place.AbsoluteUri.TrimEnd('/') + "/" + request.Path + request.Url.Query)));

    /// <summary>JSON said to be something else.</summary>
    public static Fault WrongContentType(string contentType = "text/plain") => Changed("wrong content type", answer => answer with { ContentType = contentType });

    /// <summary>A login or maintenance page of a gateway, with 200 or an error status.</summary>
    public static Fault HtmlPage(int status = 200) =>
        Instead("HTML page", () => new Answer(status, "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Scheduled maintenance</h1></body></html>") { ContentType = "text/html" });

    /// <summary>A body that ends in the middle, with a matching Content-Length: a server that crashed while writing into a buffering proxy.</summary>
    public static Fault TruncatedJson() => Changed("truncated JSON", answer => answer with { Body = answer.Body?[..(answer.Body.Length / 2)] });

    /// <summary>200 with nothing in it.</summary>
    public static Fault EmptyBody() => Changed("empty body", answer => answer with { Body = "" });

    /// <summary>200 with an OperationOutcome where a resource or searchset was asked for.</summary>
    public static Fault OutcomeInstead() => Instead("OperationOutcome instead", () => Answer.Error(200, "Something went wrong", ErrorStyle.OperationOutcome));

    private static Fault RetryAfter(int status, Func<string> value) =>
        Instead($"{status} with Retry-After", () => Answer.Error(status, "Come back later", ErrorStyle.OperationOutcome).With("Retry-After", value()));

    private static Fault Instead(string name, Func<Answer> answer) => new(name, (_, _, _) => Task.FromResult(answer()));

    private static Fault Changed(string name, Func<Answer, Answer> change) => new(name, async (_, rest, _) => change(await rest()));

    /// <summary>Changes searchsets only; every other answer passes as it is.</summary>
    private static Fault ChangedSearchset(string name, Action<RecordedRequest, JsonObject> change) => new(name, async (request, rest, _) =>
    {
        var answer = await rest();
        if (answer.Json is not { } bundle || bundle["type"]?.ToString() != "searchset")
        {
            return answer;
        }

        change(request, bundle);
        return answer with { Body = bundle.ToJsonString() };
    });
}
