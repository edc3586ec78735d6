using FhirMg.Fhir.Servers;
using FhirMg.Service.Store;
using Microsoft.AspNetCore.Diagnostics;

namespace FhirMg.Service.Errors;

/// <summary>Turns faults into answers, once, at the edge.</summary>
internal static partial class ErrorRegistration
{
    private const int ClientClosedRequest = 499;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>Answers every exception and every bare error status; no stack trace reaches a caller.</summary>
    public static void UseErrors(this WebApplication application)
    {
        application.UseExceptionHandler(new ExceptionHandlerOptions
        {
            AllowStatusCode404Response = true,
            SuppressDiagnosticsCallback = _ => true,
            ExceptionHandler = context => AnswerAsync(context, context.Features.Get<IExceptionHandlerFeature>()!.Error),
        });
        application.Use(AnswerBareStatus);
    }

    // Nearly every answer is written by now, and is passed on as it is.
    private static Task AnswerBareStatus(HttpContext context, RequestDelegate next)
    {
        var answering = next(context);
        return answering.IsCompletedSuccessfully && !IsBareError(context.Response) ? answering : AnswerBareStatusAsync(context, answering);
    }

    private static async Task AnswerBareStatusAsync(HttpContext context, Task answering)
    {
        await answering;
        if (IsBareError(context.Response))
        {
            await ErrorAnswer.Of(context.Response.StatusCode).ExecuteAsync(context);
        }
    }

    private static bool IsBareError(HttpResponse response) => response is
    {
        HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentLength: null, ContentType: null or "",
    };

    /// <summary>What a caller is told of a fault; null for one of our own.</summary>
    public static ErrorAnswer? Translate(Exception exception) => exception switch
    {
        RequestException e => new(e.Status, e.Code, e.Message, e.RetryAfter),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } => new(StatusCodes.Status400BadRequest, "structure", "the request could not be read: check its form and its media type"),
        BadHttpRequestException e => ErrorAnswer.Of(e.StatusCode),
        FhirServerException { Status: StatusCodes.Status404NotFound or StatusCodes.Status410Gone } e => new(StatusCodes.Status404NotFound, "not-found", e.Message),
        FhirServerException { Fault: ServerFault.Unavailable } e => new(StatusCodes.Status503ServiceUnavailable, "transient", e.Message, Rest),
        FhirServerException { Status: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden } e => new(StatusCodes.Status403Forbidden, "forbidden", e.Message),
        FhirServerException e => new(StatusCodes.Status502BadGateway, "processing", e.Message),
        _ => null,
    };

    /// <summary>The status that a fault is answered with.</summary>
    public static int StatusOf(HttpContext context, Exception exception) =>
        exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested ? ClientClosedRequest
        : Translate(exception)?.Status ?? (StoreFaults.IsOfStore(exception) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError);

    private static async Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
            return;
        }

        var answer = Translate(exception);
        if (answer is null)
        {
            // The message of an unforeseen exception may quote what it choked on: type and place are enough to find it.
            var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("FhirMg.Service.Errors");
            LogFault(logger, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no endpoint", exception.GetType().FullName!, context.TraceIdentifier, exception.StackTrace ?? "");
            answer = StoreFaults.IsOfStore(exception)
                ? new(StatusCodes.Status503ServiceUnavailable, "transient", "the store cannot be used just now: try again", Rest)
                : ErrorAnswer.Of(StatusCodes.Status500InternalServerError) with { Text = $"the request failed by a fault of this service; it was logged as {context.TraceIdentifier}" };
        }

        await answer.ExecuteAsync(context);
    }

    [LoggerMessage(1200, LogLevel.Error, "{Method} {Endpoint} failed by {Fault} ({TraceId}) {Stack}")]
    private static partial void LogFault(ILogger logger, string method, string endpoint, string fault, string traceId, string stack);
}
