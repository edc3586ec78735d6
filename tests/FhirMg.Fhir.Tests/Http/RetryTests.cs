using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using FhirMg.Fhir.Http;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tests.Pulling;
using FhirMg.Simulators;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Fhir.Tests.Http;

/// <summary>What is sent again, after what, and how often.</summary>
public sealed class RetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(408, 3)]
    [InlineData(425, 3)]
    [InlineData(429, 3)]
    [InlineData(500, 3)]
    [InlineData(502, 3)]
    [InlineData(503, 3)]
    [InlineData(504, 3)]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(403, 1)]
    [InlineData(404, 1)]
    [InlineData(410, 1)]
    [InlineData(412, 1)]
    [InlineData(422, 1)]
    [InlineData(501, 1)]
    public async Task Only_a_passing_failure_is_tried_again(int status, int times)
    {
        using var simulator = Simulator.Start(Vendors.Hapi, []).Inject(Faults.Status(status));
        await using var pull = new Pull(simulator.BaseUrl, options => options with { MaxAttempts = 3 });
        Assert.Equal(status, (int)(await pull.Server.GetAsync("Patient/p1", Cancellation)).Status);
        Assert.Equal(times, simulator.Requests.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task No_more_attempts_are_made_than_allowed(int most)
    {
        using var simulator = Simulator.Start(Vendors.Hapi, []).Inject(Faults.Status(503));
        await using var pull = new Pull(simulator.BaseUrl, options => options with { MaxAttempts = most });
        await pull.Server.GetAsync("Patient/p1", Cancellation);
        Assert.Equal(most, simulator.Requests.Count);
    }

    [Theory]
    [InlineData("GET", "", 3)]
    [InlineData("PUT", "", 3)]
    [InlineData("POST", "If-None-Exist", 3)]
    [InlineData("POST", "", 1)]
    [InlineData("PATCH", "", 1)]
    public async Task Only_what_does_no_harm_twice_is_sent_again(string method, string header, int times)
    {
        using var simulator = Simulator.Start(Vendors.Hapi, []).Inject(Faults.Status(503));
        await using var pull = new Pull(simulator.BaseUrl, options => options with { MaxAttempts = 3 });
        using var request = Request(pull, method, header);
        await pull.Server.SendAsync(request, Cancellation);
        Assert.Equal(times, simulator.Requests.Count);
    }

    [Theory]
    [InlineData("POST", "", 1)]
    [InlineData("POST", "If-None-Exist", 3)]
    [InlineData("GET", "", 3)]
    public async Task A_lost_connection_is_no_reason_to_send_a_post_without_condition_again(string method, string header, int times)
    {
        await using var raw = RawServer.Start(RawAnswers.ResetAtOnce());
        await using var pull = new Pull(raw.BaseUrl, options => options with { MaxAttempts = 3 });
        using var request = Request(pull, method, header);
        await Assert.ThrowsAsync<FhirServerException>(() => pull.Server.SendAsync(request, Cancellation));
        Assert.Equal(times, raw.Requests.Count);
    }

    [Fact]
    public async Task Retries_are_limited_to_a_share_of_all_requests()
    {
        // 429 is no outage, so the breaker stays closed and only the budget limits.
        using var simulator = Simulator.Start(Vendors.Hapi, []).Inject(Faults.RetryAfterSeconds(429, 0));
        await using var pull = new Pull(simulator.BaseUrl, options => options with { MaxAttempts = 4, RetryShare = 0.1, MaxConcurrency = 10 });
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => pull.Server.GetAsync("Patient/p1", Cancellation)));

        // 200 asked for, 20 to begin with, and a tenth of 200; without a budget it would be 800.
        Assert.InRange(simulator.Requests.Count, 221, 240);
    }

    [Fact]
    public void The_budget_is_earned_by_requests_and_has_an_end()
    {
        var budget = new RetryBudget(perRequest: 0.5, most: 2);
        Assert.Equal([true, true, false], [budget.TrySpend(), budget.TrySpend(), budget.TrySpend()]);
        budget.Earn();
        Assert.False(budget.TrySpend());
        budget.Earn();
        Assert.Equal([true, false], [budget.TrySpend(), budget.TrySpend()]);
        Enumerable.Range(0, 100).ToList().ForEach(_ => budget.Earn());
        Assert.Equal([true, true, false], [budget.TrySpend(), budget.TrySpend(), budget.TrySpend()]);
    }

    [Fact]
    public async Task Retries_of_many_do_not_come_all_at_once()
    {
        var failed = new ConcurrentDictionary<string, bool>();
        var times = new ConcurrentQueue<long>();
        var fault = new Fault("once each", (request, rest, _) =>
        {
            if (failed.TryAdd(request.Path, true))
            {
                return Task.FromResult(new Answer(503));
            }

            times.Enqueue(Stopwatch.GetTimestamp());
            return rest();
        });
        using var simulator = Simulator.Start(Vendors.Hapi, []).Inject(fault);
        await using var pull = new Pull(simulator.BaseUrl);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => pull.Server.GetAsync($"Patient/p{i}", Cancellation)));
        Assert.Equal(16, times.Count);
        Assert.True(Stopwatch.GetElapsedTime(times.Min(), times.Max()) > TimeSpan.FromMilliseconds(40), "all retries came together");
    }

    [Fact]
    public async Task One_server_s_outage_is_not_another_s()
    {
        using var down = Simulator.Start(Vendors.Hapi, []).Inject(Faults.Status(500));
        using var up = Simulator.Start(Vendors.Hapi, Chart.Resources());
        await using var services = new ServiceCollection().AddFhirServers(
            new FhirServerOptions { Name = "down", BaseUrl = down.BaseUrl, MaxAttempts = 2 }, new FhirServerOptions { Name = "up", BaseUrl = up.BaseUrl }).BuildServiceProvider();
        var servers = services.GetRequiredService<FhirServers>();
        var leftAlone = false;
        for (var i = 0; i < 60 && !leftAlone; i++)
        {
            leftAlone = await Record.ExceptionAsync(() => servers["down"].GetAsync("Patient/p1", Cancellation)) is FhirServerException { Fault: ServerFault.Unavailable };
        }

        Assert.True(leftAlone);
        Assert.True((await servers["up"].GetAsync($"Patient/{Chart.Patient}", Cancellation)).IsSuccess);
    }

    private static HttpRequestMessage Request(Pull pull, string method, string header)
    {
        var request = new HttpRequestMessage(new(method), pull.Server.Resolve(method == "POST" ? "Patient" : "Patient/p1"))
        {
            Content = method == "GET" ? null : new ByteArrayContent(Encoding.UTF8.GetBytes("""{"resourceType":"Patient","id":"p1"}""")) { Headers = { ContentType = new("application/fhir+json") } },
        };
        if (header.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(header, "identifier=https://example.org|1");
        }

        return request;
    }
}
