using System.Net;
using System.Text;
using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tests.Pulling;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Http;

/// <summary>What may and may not happen to a single call.</summary>
public sealed class CallTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p1"}""";

    [Fact]
    public async Task A_post_without_a_condition_is_never_sent_again()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, []).Inject(Faults.Status(503));
        await using var pull = new Pull(simulator.BaseUrl);
        using var request = Post(pull);
        var response = await pull.Server.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.Status);
        Assert.Single(simulator.Requests, sent => sent.Method == "POST");
    }

    [Fact]
    public async Task A_post_with_if_none_exist_is_sent_again()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, []).Inject(Faults.Status(503).Times(2));
        await using var pull = new Pull(simulator.BaseUrl);
        using var request = Post(pull);
        request.Headers.Add("If-None-Exist", "identifier=https://example.org|1");
        var response = await pull.Server.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.Status);
        Assert.Equal(3, simulator.Requests.Count(sent => sent.Method == "POST"));
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_not_followed()
    {
        using var other = Bystander.Start();
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources()).Inject(Faults.RedirectTo(other.Url));
        await using var pull = new Pull(simulator.BaseUrl);
        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.ReadAsync(Chart.Patient));
        Assert.Contains("never called", error.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_next_link_to_another_host_is_not_followed_and_the_part_is_no_whole()
    {
        using var other = Bystander.Start();
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.LongResources()).Inject(Faults.NextLinkTo(other.Url));
        await using var pull = new Pull(simulator.BaseUrl);
        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.ReadAsync(Chart.Patient));
        Assert.Contains("never called", error.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    public static TheoryData<string> Broken => ["reset at once", "reset in the body", "half then nothing", "garbled chunks", "no answer"];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_call_that_breaks_off_is_made_again(string how)
    {
        var answer = how switch
        {
            "reset at once" => RawAnswers.ResetAtOnce(),
            "reset in the body" => RawAnswers.ResetInBody(Patient),
            "half then nothing" => RawAnswers.EndInBody(Patient),
            "garbled chunks" => RawAnswers.GarbledChunks(Patient),
            _ => RawAnswers.NoAnswer(),
        };
        await using var raw = RawServer.Start(answer, RawAnswers.Whole(Patient));
        await using var pull = new Pull(raw.BaseUrl);
        var response = await pull.Server.GetAsync("Patient/p1", TestContext.Current.CancellationToken);
        Assert.Equal(Patient, Encoding.UTF8.GetString(response.Body.Span));
    }

    [Fact]
    public async Task What_unpacks_to_garbage_is_asked_for_again()
    {
        await using var raw = RawServer.Start(RawAnswers.BrokenGzip(Patient), RawAnswers.Whole(Patient));
        await using var pull = new Pull(raw.BaseUrl);
        var (_, page) = await Readable.GetAsync(pull.Server, Knowledge.BuiltIn, "Patient", "Patient", "Patient/p1", TestContext.Current.CancellationToken);
        Assert.Equal(1, page!.Resources);
    }

    [Fact]
    public async Task Gzip_is_unpacked()
    {
        await using var raw = RawServer.Start(RawAnswers.Gzip(Patient));
        await using var pull = new Pull(raw.BaseUrl);
        Assert.Equal(Patient, Encoding.UTF8.GetString((await pull.Server.GetAsync("Patient/p1", TestContext.Current.CancellationToken)).Body.Span));
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off_with_a_message()
    {
        await using var raw = RawServer.Start(RawAnswers.GzipBomb(8));
        await using var pull = new Pull(raw.BaseUrl, options => options with { LargestAnswer = 1024 * 1024 });
        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.Server.GetAsync("Patient/p1", TestContext.Current.CancellationToken));
        Assert.Contains("larger than 1 MB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_calls_are_in_flight_than_the_server_takes()
    {
        await using var server = await LeanServer.StartAsync(Chart.Patient, Chart.Resources(), new() { Latency = TimeSpan.FromMilliseconds(20) });
        await using var pull = new Pull(server.BaseUrl, options => options with { MaxConcurrency = 3 });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => pull.ReadAsync($"p-{i}")));
        Assert.Equal(3, server.MostInFlight);
    }

    [Fact]
    public async Task After_many_failures_the_server_is_left_alone_for_a_moment()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, []).Inject(Faults.Status(500));
        await using var pull = new Pull(simulator.BaseUrl, options => options with { MaxAttempts = 1 });
        var messages = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            try
            {
                await pull.Server.GetAsync("Patient/p1", TestContext.Current.CancellationToken);
            }
            catch (FhirServerException e)
            {
                messages.Add(e.Message);
            }
        }

        Assert.Contains(messages, message => message.Contains("left alone", StringComparison.Ordinal));
        Assert.True(simulator.Requests.Count < 60);
    }

    private static HttpRequestMessage Post(Pull pull) => new(HttpMethod.Post, pull.Server.Resolve("Patient"))
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"resourceType":"Patient"}""")) { Headers = { ContentType = new("application/fhir+json") } },
    };
}
