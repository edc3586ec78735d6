using System.Net;
using FhirMg.Fhir.Servers;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace FhirMg.Fhir.Http;

/// <summary>The resilience of one server's calls: retry, circuit breaker, concurrency limit and time-outs, outermost first.</summary>
internal static class Resilience
{
    // Waiting calls of one patient's pull or of a batch; beyond this the caller itself has lost its measure.
    private const int Queue = 10_000;

    /// <summary>Builds the pipeline of a server; <paramref name="state"/> shows the breaker's.</summary>
    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, FhirServerOptions options, TimeProvider time, CircuitBreakerStateProvider? state = null)
    {
        var budget = new RetryBudget(options.RetryShare, most: Math.Max(20, options.MaxConcurrency * 2));
        pipeline.TimeProvider = time;
        if (options.MaxAttempts > 1)
        {
            pipeline.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(5),
                ShouldHandle = arguments => ValueTask.FromResult(ShouldRetry(arguments, budget)),
                DelayGenerator = arguments => ValueTask.FromResult(
                    arguments.Outcome.Result is { } response ? RetryAfter.Of(response, time.GetUtcNow()) : null),
                OnRetry = arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    return default;
                },
            });
        }

        pipeline.AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = options.BreakerFailureRatio,
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(2),
            StateProvider = state,
            ShouldHandle = arguments => ValueTask.FromResult(IsOutage(arguments.Outcome)),
        });
        pipeline.AddConcurrencyLimiter(options.MaxConcurrency, Queue);
        pipeline.AddTimeout(options.AttemptTimeout);
    }

    private static bool ShouldRetry(in RetryPredicateArguments<HttpResponseMessage> arguments, RetryBudget budget)
    {
        if (arguments.AttemptNumber == 0)
        {
            budget.Earn();
        }

        return arguments.Context.GetRequestMessage() is { } request && Repeatable.IsSafe(request)
            && (arguments.Outcome.Result is { } response ? Repeatable.IsTransient(response.StatusCode) : IsLost(arguments.Outcome.Exception))
            && budget.TrySpend();
    }

    private static bool IsLost(Exception? exception) => exception is HttpRequestException or IOException or TimeoutRejectedException;

    // Being told to slow down is no outage, and neither is an error in one request.
    private static bool IsOutage(in Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } response ? response.StatusCode >= HttpStatusCode.InternalServerError : IsLost(outcome.Exception);
}
