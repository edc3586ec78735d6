using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class TokenFaultTests
{
    [Theory]
    [InlineData(AuthFault.ServerError)]
    [InlineData(AuthFault.Unavailable)]
    public async Task A_passing_fault_is_retried(AuthFault fault)
    {
        await using var server = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Secret = "s3cret-value" }] });
        server.FailNext(fault, fault);
        using var bench = new Bench(Bench.WithSecret(server.Url));

        await bench.GetAsync();

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(2, bench.Log.Lines.Count(line => line.Id == 2102));
    }

    [Theory]
    [InlineData(AuthFault.NoExpiresIn)]
    [InlineData(AuthFault.ExpiresInAsText)]
    [InlineData(AuthFault.LowerCaseTokenType)]
    public async Task What_OAuth_leaves_open_is_no_fault(AuthFault fault)
    {
        await using var server = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Secret = "s3cret-value" }] });
        server.Fault = fault;
        using var bench = new Bench(Bench.WithSecret(server.Url));

        Assert.NotEmpty((await bench.GetAsync()).Value);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(429)]
    public async Task A_fault_that_stays_is_told_after_two_retries(int status)
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => new(status, "<html><style>p { }</style><h1>Out\n of order</h1></html>", "text/html", RetryAfter: "0");
        using var bench = new Bench(Bench.WithSecret(server.Base));

        var fault = await bench.FailAsync();

        Assert.Equal(3, server.TokenRequests.Count);
        Assert.Equal((status, true), (fault.Status!.Value, fault.IsTransient));
        Assert.Equal($"{server.Url}token answered {status} (Out of order): try again later", fault.Message);
        Assert.Contains(bench.Log.Lines, line => line.Id == 2107);
    }

    [Theory]
    [InlineData("invalid_client", "check ClientId, and that the server has the client's public key (or this ClientSecret), and both clocks")]
    [InlineData("unauthorized_client", "have the client registered for the grant client_credentials")]
    [InlineData("invalid_request", "show this to those who run the server")]
    public async Task A_refusal_is_told_with_what_to_do_and_is_not_retried(string error, string advice)
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Error(error, "because\r\n of\tthis");
        using var bench = new Bench(Bench.WithSecret(server.Base));

        var fault = await bench.FailAsync();

        Assert.Equal($"{server.Url}token answered 400 ({error}: because of this): {advice}", fault.Message);
        Assert.Equal((error, 400, false), (fault.Error, fault.Status, fault.IsTransient));
        Assert.Single(server.TokenRequests);
    }

    [Theory]
    [InlineData(401, "", "answered 401: check ClientId")]
    [InlineData(403, "plain text", "answered 403 (plain text): show this")]
    [InlineData(400, """{"resourceType":"OperationOutcome","issue":[{"code":"security","diagnostics":"not you"}]}""", "answered 400 (not you): show this")]
    [InlineData(400, """{"error":{"code":7},"issue":7}""", "answered 400: show this")]
    [InlineData(400, """{"error":"\ud800"}""", "answered 400: show this")]
    [InlineData(404, "", "answered 404: check BaseUrl")]
    [InlineData(200, "<html>login</html>", "answered 200 without a JSON object: check that BaseUrl")]
    [InlineData(200, "{}", "without a token that can be used")]
    [InlineData(200, """{"access_token":""}""", "without a token that can be used")]
    [InlineData(200, """{"access_token":"a\r\nX-Evil: b"}""", "without a token that can be used")]
    [InlineData(200, """{"access_token":"a","token_type":"mac"}""", "another type than bearer")]
    [InlineData(204, "", "answered 204 without a JSON object")]
    public async Task Whatever_else_comes_is_told(int status, string body, string told)
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => new(status, status == 204 ? "" : body);
        using var bench = new Bench(Bench.WithSecret(server.Base));

        Assert.Contains(told, (await bench.FailAsync()).Message, StringComparison.Ordinal);
        Assert.Single(server.TokenRequests);
    }

    [Fact]
    public async Task A_long_answer_is_trimmed()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Error(new string('e', 5000), new string('x', 100_000));
        using var bench = new Bench(Bench.WithSecret(server.Base));

        Assert.InRange((await bench.FailAsync()).Message.Length, 400, 600);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await Stub.StartAsync();
        await using var server = await Stub.StartAsync();
        server.Token = _ => new(307, Location: new Uri(elsewhere.Url, "/token").AbsoluteUri);
        using var bench = new Bench(Bench.WithSecret(server.Base));

        Assert.Contains("it redirects, which is not followed with credentials", (await bench.FailAsync()).Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }
}
