using System.Diagnostics;
using FhirMg.Fhir.Tokens;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class TokenTimeTests
{
    [Fact]
    public async Task A_lost_connection_is_retried()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => server.TokenRequests.Count < 3 ? new(200, Abort: true) : Reply.Token();
        using var bench = new Bench(Bench.WithSecret(server.Base));

        Assert.Equal("t0ken", (await bench.GetAsync()).Value);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var server = await Stub.StartAsync();
        var url = server.Base;
        await server.DisposeAsync();
        using var bench = new Bench(Bench.WithSecret(url));

        var fault = await bench.FailAsync();

        Assert.StartsWith($"{url}/.well-known/smart-configuration could not be reached, or broke off: check address, network and proxy", fault.Message, StringComparison.Ordinal);
        Assert.True(fault is { IsTransient: true, Status: null });
    }

    [Fact]
    public async Task The_deadline_ends_it_all()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token() with { Delay = TimeSpan.FromSeconds(20) };
        using var bench = new Bench(Bench.WithSecret(server.Base) with { Deadline = TimeSpan.FromMilliseconds(400) });
        var clock = Stopwatch.StartNew();

        var fault = await bench.FailAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(5));
        Assert.StartsWith("no access token within 00:00:00.4000000; allow more time by Deadline", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.IsTransient);
    }

    [Fact]
    public async Task A_wait_that_the_server_asks_for_is_honoured_but_ends_with_the_deadline_and_its_reason()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => new(503, RetryAfter: "86400");
        using var bench = new Bench(Bench.WithSecret(server.Base) with { Deadline = TimeSpan.FromSeconds(3) });

        var fault = await bench.FailAsync();

        Assert.Single(server.TokenRequests);
        Assert.Contains($"before that, {server.Url}token answered 503: try again later", fault.Message, StringComparison.Ordinal);
        Assert.Equal(503, fault.Status);
        Assert.Contains(bench.Log.Lines, line => line.Id == 2102 && line.Text.Contains("trying again in 00:00:05", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_time_out_of_one_attempt_is_retried()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token() with { Delay = server.TokenRequests.Count == 1 ? TimeSpan.FromSeconds(20) : TimeSpan.Zero };
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var log = new CapturedLog();
        var tokens = new BackendServicesTokens(Bench.WithSecret(server.Base), http, ["system/Patient.rs"], TimeProvider.System, log);

        Assert.Equal("t0ken", (await tokens.GetAsync(Bench.Ends)).Value);
        Assert.Equal(2, server.TokenRequests.Count);
    }

    [Fact]
    public async Task A_caller_may_leave_before_the_token_comes()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token() with { Delay = TimeSpan.FromSeconds(20) };
        using var bench = new Bench(Bench.WithSecret(server.Base) with { Deadline = TimeSpan.FromSeconds(20) });
        using var leaves = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var clock = Stopwatch.StartNew();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Tokens.GetAsync(leaves.Token).AsTask());

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }
}
