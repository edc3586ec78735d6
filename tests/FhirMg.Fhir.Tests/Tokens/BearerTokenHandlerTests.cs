using System.Net;
using System.Net.Http.Headers;
using FhirMg.Fhir.Tokens;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class BearerTokenHandlerTests
{
    [Theory]
    [InlineData("{base}", true)]
    [InlineData("{base}/Observation?code=1", true)]
    [InlineData("{base}?next=7", true)]
    [InlineData("{base}x/Observation", false)]
    [InlineData("{root}/", false)]
    [InlineData("{root}/FHIR/Observation", false)]
    [InlineData("{base}/../admin", false)]
    [InlineData("{base}/%2e%2e/admin", false)]
    [InlineData("http://127.0.0.1:1/fhir/Observation", false)]
    [InlineData("http://localhost:{port}/fhir/Observation", false)]
    [InlineData("https://127.0.0.1:{port}/fhir/Observation", false)]
    [InlineData("https://storage.example.org/fhir/file.ndjson", false)]
    public async Task The_token_goes_to_the_servers_base_alone(string url, bool isSent)
    {
        await using var server = await Stub.StartAsync();
        using var bench = new Bench(Bench.WithSecret(server.Base));
        using var inner = new Inner(_ => 200);
        using var handler = Handler(bench, inner);
        using var client = new HttpClient(handler);
        var target = url.Replace("{base}", server.Base.AbsoluteUri, StringComparison.Ordinal)
            .Replace("{root}", server.Url.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal)
            .Replace("{port}", $"{server.Url.Port}", StringComparison.Ordinal);

        using var response = await client.GetAsync(new Uri(target), Bench.Ends);

        Assert.Equal([isSent ? "Bearer t0ken" : null], inner.Authorizations);
        Assert.Equal(isSent ? 1 : 0, server.TokenRequests.Count);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once_and_the_same_body_sent_again()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token($"t{server.TokenRequests.Count}");
        using var bench = new Bench(Bench.WithSecret(server.Base));
        using var inner = new Inner(authorization => authorization == "Bearer t1" ? 401 : 201);
        using var handler = Handler(bench, inner);
        using var client = new HttpClient(handler);
        using var content = new ByteArrayContent([1, 2, 3]);

        using var response = await client.PostAsync(new Uri($"{server.Base}/Task"), content, Bench.Ends);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(["Bearer t1", "Bearer t2"], inner.Authorizations);
        Assert.Equal(["010203", "010203"], inner.Bodies);
    }

    [Fact]
    public async Task A_second_refusal_is_passed_on()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Token($"t{server.TokenRequests.Count}");
        using var bench = new Bench(Bench.WithSecret(server.Base));
        using var inner = new Inner(_ => 401);
        using var handler = Handler(bench, inner);
        using var client = new HttpClient(handler);

        using var response = await client.GetAsync(new Uri($"{server.Base}/Patient/1"), Bench.Ends);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(["Bearer t1", "Bearer t2"], inner.Authorizations);
    }

    [Fact]
    public async Task A_forbidden_request_is_not_repeated()
    {
        await using var server = await Stub.StartAsync();
        using var bench = new Bench(Bench.WithSecret(server.Base));
        using var inner = new Inner(_ => 403);
        using var handler = Handler(bench, inner);
        using var client = new HttpClient(handler);

        using var response = await client.GetAsync(new Uri($"{server.Base}/Patient/1"), Bench.Ends);

        Assert.Single(inner.Authorizations);
    }

    [Fact]
    public async Task A_body_that_can_be_read_once_is_not_sent_twice()
    {
        await using var server = await Stub.StartAsync();
        using var bench = new Bench(Bench.WithSecret(server.Base));
        using var inner = new Inner(_ => 401);
        using var handler = Handler(bench, inner);
        using var client = new HttpClient(handler);
        using var content = new StreamContent(new MemoryStream([1, 2, 3]));

        using var response = await client.PostAsync(new Uri($"{server.Base}/Task"), content, Bench.Ends);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Single(inner.Bodies);
    }

    [Fact]
    public async Task A_token_that_the_caller_brings_stands()
    {
        await using var server = await Stub.StartAsync();
        using var bench = new Bench(Bench.WithSecret(server.Base));
        using var inner = new Inner(_ => 401);
        using var handler = Handler(bench, inner);
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{server.Base}/Patient/1");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "users");

        using var response = await client.SendAsync(request, Bench.Ends);

        Assert.Equal(["Bearer users"], inner.Authorizations);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Without_a_token_the_request_is_not_sent()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Error("invalid_client");
        using var bench = new Bench(Bench.WithSecret(server.Base));
        using var inner = new Inner(_ => 200);
        using var handler = Handler(bench, inner);
        using var client = new HttpClient(handler);

        await Assert.ThrowsAsync<TokenException>(() => client.GetAsync(new Uri($"{server.Base}/Patient/1"), Bench.Ends));

        Assert.Empty(inner.Authorizations);
    }

    private static BearerTokenHandler Handler(Bench bench, Inner inner) => new(bench.Options, bench.Tokens) { InnerHandler = inner };

    private sealed class Inner(Func<string?, int> answer) : HttpMessageHandler
    {
        public List<string?> Authorizations { get; } = [];

        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorizations.Add(request.Headers.Authorization?.ToString());
            if (request.Content is not null)
            {
                using var copy = new MemoryStream();
                await request.Content.CopyToAsync(copy, cancellationToken);
                Bodies.Add(Convert.ToHexString(copy.ToArray()));
            }

            return new((HttpStatusCode)answer(Authorizations[^1]));
        }
    }
}
