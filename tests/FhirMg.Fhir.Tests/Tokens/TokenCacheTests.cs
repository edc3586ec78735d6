using FhirMg.Fhir.Tokens;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class TokenCacheTests
{
    [Fact]
    public async Task A_token_is_asked_for_once_and_kept()
    {
        await using var server = await Stub.StartAsync();
        using var bench = new Bench(Bench.WithSecret(server.Base));

        var first = await bench.GetAsync();

        Assert.Same(first, await bench.GetAsync());
        Assert.Equal(["/fhir/.well-known/smart-configuration", "/token"], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task Fifty_callers_at_once_cause_one_request()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token() with { Delay = TimeSpan.FromMilliseconds(150) };
        using var bench = new Bench(Bench.WithSecret(server.Base));

        var tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(bench.GetAsync)));

        Assert.Single(tokens.Distinct());
        Assert.Single(server.TokenRequests);
    }

    [Fact]
    public async Task Fifty_callers_whose_token_is_refused_at_once_cause_one_refresh()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token($"t{server.TokenRequests.Count}") with { Delay = TimeSpan.FromMilliseconds(100) };
        using var bench = new Bench(Bench.WithSecret(server.Base));
        var refused = await bench.GetAsync();

        var tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            bench.Tokens.Invalidate(refused);
            return (await bench.GetAsync()).Value;
        })));

        Assert.Equal(["t2"], tokens.Distinct());
        Assert.Equal(2, server.TokenRequests.Count);
    }

    [Theory]
    [InlineData("\"expires_in\":3600", 3569, 3571)]
    [InlineData("\"expires_in\":100", 89, 91)]
    [InlineData("\"expires_in\":\"100\"", 89, 91)]
    [InlineData("\"expires_in\":100.5", 89, 91.5)]
    [InlineData("", 53, 55)]
    [InlineData("\"expires_in\":null", 53, 55)]
    [InlineData("\"expires_in\":0", 53, 55)]
    [InlineData("\"expires_in\":-5", 53, 55)]
    [InlineData("\"expires_in\":\"soon\"", 53, 55)]
    [InlineData("\"expires_in\":{}", 53, 55)]
    [InlineData("\"expires_in\":1e300", 86369, 86371)]
    public async Task A_token_is_replaced_shortly_before_it_ends(string lifetime, double kept, double replaced)
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token($"t{server.TokenRequests.Count}", lifetime);
        var time = new ShiftedTime();
        using var bench = new Bench(Bench.WithSecret(server.Base), time);
        await bench.GetAsync();

        // A second is left to a slow machine.
        time.Ahead = TimeSpan.FromSeconds(kept - 1);
        Assert.Equal("t1", (await bench.GetAsync()).Value);
        time.Ahead = TimeSpan.FromSeconds(replaced);
        Assert.Equal("t2", (await bench.GetAsync()).Value);
    }

    [Fact]
    public async Task The_lifetime_counts_from_the_request()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token() with { Delay = TimeSpan.FromMilliseconds(300) };
        using var bench = new Bench(Bench.WithSecret(server.Base));
        var token = await bench.GetAsync();

        Assert.True(token.ExpiresAt <= TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(300) - TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task A_token_that_is_still_good_outlasts_a_fault_of_the_authorization_server()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => server.TokenRequests.Count == 1 ? Reply.Token() : Reply.Error("server_trouble");
        var time = new ShiftedTime();
        using var bench = new Bench(Bench.WithSecret(server.Base), time);
        var token = await bench.GetAsync();

        time.Ahead = TimeSpan.FromSeconds(280);
        Assert.Same(token, await bench.GetAsync());
        time.Ahead = TimeSpan.FromSeconds(301);
        Assert.Equal("server_trouble", (await bench.FailAsync()).Error);
    }

    [Fact]
    public async Task Invalidating_a_token_that_was_replaced_already_does_nothing()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token($"t{server.TokenRequests.Count}");
        using var bench = new Bench(Bench.WithSecret(server.Base));
        var old = await bench.GetAsync();
        bench.Tokens.Invalidate(old);
        var current = await bench.GetAsync();

        bench.Tokens.Invalidate(old);

        Assert.Same(current, await bench.GetAsync());
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_take_the_others_token_away()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token() with { Delay = TimeSpan.FromMilliseconds(300) };
        using var bench = new Bench(Bench.WithSecret(server.Base));
        using var leaves = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var first = bench.Tokens.GetAsync(leaves.Token).AsTask();
        var second = bench.GetAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("t0ken", (await second).Value);
        Assert.Single(server.TokenRequests);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => server.TokenRequests.Count == 1 ? Reply.Error("invalid_request") : Reply.Token();
        using var bench = new Bench(Bench.WithSecret(server.Base));

        await bench.FailAsync();

        Assert.Equal("t0ken", (await bench.GetAsync()).Value);
    }

    [Fact]
    public void The_text_of_a_token_does_not_show_it()
    {
        var token = new AccessToken("t0ken-value", DateTimeOffset.UnixEpoch, new HashSet<string> { "a", "b" });

        Assert.Equal("access token until 1970-01-01T00:00:00.0000000+00:00 with 2 scopes", $"{token}");
    }
}
