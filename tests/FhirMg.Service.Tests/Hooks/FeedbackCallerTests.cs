using System.Net.Http.Headers;
using System.Net.Http.Json;
using FhirMg.Service.Store;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Who may give feedback, and about whose patients it counts.</summary>
public sealed class FeedbackCallerTests
{
    private const string Mild = "adult-mild-with-migraine";
    private const string Feedback = $"{Call.PatientView}/feedback";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_may_be_signed_for_the_service_or_for_its_feedback_and_is_used_once()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await CardTests.StartAsync(settings => ehr.Settings(settings));
        var card = (await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Cards[0];
        foreach (var audience in new[] { Call.PatientView, Feedback })
        {
            var token = ehr.Token(audience);
            Assert.Equal(200, (await SendAsync(service, card, "overridden", token)).Status);
            var again = await SendAsync(service, card, "overridden", token);
            Assert.Equal((401, "jti was used before"), (again.Status, again.Diagnostics));
        }

        var wrong = await SendAsync(service, card, "overridden", ehr.Token(Call.OrderSign));
        Assert.Equal((401, $"aud must be https://fhirmg.example.org/cds-services/{Feedback}"), (wrong.Status, wrong.Diagnostics));
        Assert.Equal(401, (await SendAsync(service, card, "overridden", null)).Status);
    }

    [Fact]
    public async Task A_client_of_one_hospital_silences_nothing_at_another()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var other = await Ehr.StartAsync();
        await using var service = await CardTests.StartAsync(settings =>
        {
            ehr.Settings(settings);
            settings["Servers:1:Name"] = "other";
            settings["Servers:1:BaseUrl"] = "http://127.0.0.1:9/other";
            settings["Servers:1:CdsClients:0:Issuer"] = "https://other.example.org";
            settings["Servers:1:CdsClients:0:JwksUri"] = other.JwksUri.AbsoluteUri;
        });
        string OtherToken(string service)
        {
            var claims = other.Claims(service);
            claims["iss"] = "https://other.example.org";
            return other.Sign(claims);
        }

        var card = (await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Cards[0];
        Assert.Equal("therapy", (string?)card["source"]!["topic"]!["code"]);
        Assert.Equal(200, (await SendAsync(service, card, "overridden", OtherToken(Feedback))).Status);
        Assert.Contains("therapy", (await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Topics);
        Assert.Equal(200, (await SendAsync(service, card, "overridden", ehr.Token(Feedback))).Status);
        Assert.DoesNotContain("therapy", (await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Topics);
    }

    [Fact]
    public async Task Whose_traces_are_erased_is_silenced_no_more_while_the_service_runs()
    {
        var time = new SampleTime();
        await using var service = await CardTests.StartAsync(time: time);
        var call = Call.Of(Mild);
        var card = (await call.SendAsync(service)).Cards[0];
        Assert.Equal(200, (await SendAsync(service, card, "overridden", null)).Status);
        Assert.DoesNotContain("therapy", (await call.SendAsync(service)).Topics);

        await service.Services.GetRequiredService<Erasure>().ErasePatientAsync("hospital", $"Patient/{(string)call.Body["context"]!["patientId"]!}", Cancellation);
        time.Moved += TimeSpan.FromMinutes(5);
        for (var until = TimeProvider.System.GetUtcNow() + Patience; !(await call.SendAsync(service)).Topics.Contains("therapy"); await Task.Delay(200, Cancellation))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "what was erased still silences");
        }
    }

    [Fact]
    public async Task Keys_that_do_not_come_cost_no_more_than_the_deadline()
    {
        await using var ehr = await Ehr.StartAsync(TimeSpan.FromSeconds(30));
        await using var service = await CardTests.StartAsync(settings =>
        {
            ehr.Settings(settings);
            settings["Servers:0:Deadline"] = "00:00:01";
        });
        var answer = await Call.Of(Mild).SendAsync(service, token: ehr.Token());
        Assert.Equal((503, "the token could not be checked in time: try again"), (answer.Status, answer.Diagnostics));
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task One_key_that_cannot_be_read_does_not_spoil_the_others()
    {
        await using var ehr = await Ehr.StartAsync();
        ehr.MoreKeys.Add("""{"kty":"RSA","kid":"bad","use":"sig","n":"AAAAA","e":"AQAB"}""");
        await using var service = await CardTests.StartAsync(settings => ehr.Settings(settings));
        Assert.Equal(200, (await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Status);
    }

    private static async Task<CallAnswer> SendAsync(RunningService service, System.Text.Json.Nodes.JsonObject card, string outcome, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/cds-services/{Feedback}")
        {
            Content = JsonContent.Create(new { feedback = new[] { new { card = (string?)card["uuid"], outcome } } }),
        };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await service.Http.SendAsync(request, Cancellation);
        return await CallAnswer.ReadAsync(response);
    }
}
