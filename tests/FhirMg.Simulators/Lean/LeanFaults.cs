using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace FhirMg.Simulators;

/// <summary>A way to spoil an answer.</summary>
/// <param name="Name">What it imitates.</param>
/// <param name="SpoilAsync">Answers in that way, given the body that should have come.</param>
public sealed record LeanFault(string Name, Func<HttpContext, byte[], Task> SpoilAsync);

/// <summary>Everything that a <see cref="LeanServer"/> does wrong.</summary>
public static class LeanFaults
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<LeanFault> All { get; } =
    [
        Status("500 with a stack trace as HTML", 500, "text/html", "<html><body><h1>Internal error</h1><pre>at java.lang.Thread</pre></body></html>"),
        Status("502 as plain text", 502, "text/plain", "bad gateway"),
        Status("503 without a word", 503, "text/plain", ""),
        Status("504 as OperationOutcome", 504, "application/fhir+json", """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"timeout"}]}"""),
        Status("429 in seconds", 429, "text/plain", "slow down", _ => "0"),
        Status("503 until a date", 503, "text/plain", "", context => context.RequestServices.GetService(typeof(TimeProvider)) is TimeProvider clock
            ? clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture) : "Mon, 01 Jan 2024 00:00:00 GMT"),
        Status("429 until an epoch", 429, "text/plain", "", _ => "1700000000"),
        Status("429 with garbage", 429, "text/plain", "", _ => "a while"),
        new("HTML with 200", (context, _) => Write(context, 200, "text/html", "<html>please log in</html>"u8.ToArray())),
        new("OperationOutcome with 200", (context, _) => Write(context, 200, "application/fhir+json",
            """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]}"""u8.ToArray())),
        new("truncated JSON", (context, body) => Write(context, 200, "application/fhir+json", body[..(body.Length / 2)])),
        new("empty body", (context, _) => Write(context, 200, "application/fhir+json", [])),
        new("wrong content type", (context, body) => Write(context, 200, "text/plain", body)),
        new("connection reset at once", (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        }),
        new("connection reset in mid-body", async (context, body) =>
        {
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }),
        new("late by 300 ms", async (context, body) =>
        {
            await Task.Delay(300, context.RequestAborted);
            await Write(context, 200, "application/fhir+json", body);
        }),
        new("hang", (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted)),
    ];

    private static LeanFault Status(string name, int status, string type, string body, Func<HttpContext, string>? retryAfter = null) => new(name, (context, _) =>
    {
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter(context);
        }

        return Write(context, status, type, System.Text.Encoding.UTF8.GetBytes(body));
    });

    private static async Task Write(HttpContext context, int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
