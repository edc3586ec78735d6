using System.Diagnostics;
using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>Prefetch complete, partial, null, absent, an OperationOutcome, paged, somebody else's, of another version; and the server behind it.</summary>
public sealed class PrefetchTests
{
    private const string Mild = "adult-mild-with-migraine";

    [Theory]
    [InlineData("observations", "conditions", "medicationRequests")]
    [InlineData("patient", "allergyIntolerances")]
    [InlineData("questionnaireResponses")]
    public async Task What_is_absent_is_fetched_and_the_answer_is_the_same(params string[] absent)
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources(Mild));
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        var whole = await Call.Of(Mild).SendAsync(service);
        Assert.DoesNotContain("incomplete", whole.Topics);
        Assert.Empty(hospital.Requests);
        Assert.Equal(Concluded(whole), Concluded(await Call.Of(Mild).Without(absent).At(hospital.BaseUrl).SendAsync(service)));
        Assert.NotEmpty(hospital.Requests);
    }

    [Fact]
    public async Task Nothing_sent_along_is_fetched_as_a_whole()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources(Mild));
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        var whole = await Call.Of(Mild).SendAsync(service);
        Assert.Equal(Concluded(whole), Concluded(await Call.Of(Mild).With(body => body.Remove("prefetch")).At(hospital.BaseUrl).SendAsync(service)));
    }

    [Fact]
    public async Task An_OperationOutcome_in_place_of_data_is_no_data()
    {
        var outcome = JsonNode.Parse("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]}""")!;
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources(Mild));
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        var call = Call.Of(Mild).With(body => body["prefetch"]!["allergyIntolerances"] = outcome.DeepClone());
        Assert.Contains("incomplete", (await call.SendAsync(service)).Topics);
        Assert.DoesNotContain("incomplete", (await call.At(hospital.BaseUrl).SendAsync(service)).Topics);
    }

    [Fact]
    public async Task Null_and_empty_mean_that_the_patient_has_none()
    {
        await using var service = await CardTests.StartAsync();
        var none = Call.Of(Mild).With(body => body["prefetch"]!["allergyIntolerances"] = null);
        var empty = Call.Of(Mild).With(body => body["prefetch"]!["allergyIntolerances"] = Call.Searchset([]));
        Assert.DoesNotContain("incomplete", (await none.SendAsync(service)).Topics);
        Assert.Equal((await none.SendAsync(service)).Text, (await empty.SendAsync(service)).Text);
    }

    [Fact]
    public async Task What_bears_on_nothing_that_is_said_is_no_card_of_its_own()
    {
        await using var service = await CardTests.StartAsync();

        // Many servers cannot be searched for administrations: the cards say so, and no card more.
        var administrations = await Call.Of(Mild).Without("medicationAdministrations").SendAsync(service);
        Assert.DoesNotContain("incomplete", administrations.Topics);
        Assert.Contains("therapy", administrations.Topics);

        // Nothing is proposed, so no allergy could speak against it; but results that were not read may have been low.
        Assert.Empty((await Call.Of("adult-unlikely-headache-not-counted").Without("allergyIntolerances").SendAsync(service)).Cards);
        Assert.Contains("incomplete", (await Call.Of("adult-unlikely-headache-not-counted").Without("observations").SendAsync(service)).Topics);
    }

    [Fact]
    public async Task What_could_not_be_read_is_said_by_a_card()
    {
        await using var service = await CardTests.StartAsync();
        var card = (await Call.Of(Mild).Without("medicationRequests").SendAsync(service)).Cards.Single(card => (string?)card["source"]!["topic"]!["code"] == "incomplete");
        Assert.Contains("medicines", (string)card["summary"]!, StringComparison.Ordinal);
        Assert.Contains("SAFE-7", (string)card["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("patient")]
    [InlineData("observations", "conditions")]
    public async Task Without_the_patient_or_all_of_magnesium_and_migraine_there_is_no_answer(params string[] absent)
    {
        await using var service = await CardTests.StartAsync();
        var answer = await Call.Of(Mild).Without(absent).SendAsync(service);
        Assert.Equal(412, answer.Status);
        Assert.Equal("OperationOutcome", (string?)answer.Body["resourceType"]);
    }

    [Fact]
    public async Task A_null_patient_is_no_patient()
    {
        await using var service = await CardTests.StartAsync();
        Assert.Equal(412, (await Call.Of(Mild).With(body => body["prefetch"]!["patient"] = null).SendAsync(service)).Status);
    }

    [Fact]
    public async Task A_paged_searchset_is_followed_to_its_end_or_said_to_be_partial()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources(Mild));
        using var other = Simulator.Start(Vendors.Hapi, Call.Resources(Mild));
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        Call Paged(string next) => Call.Of(Mild).With(body => body["prefetch"]!["observations"] = new JsonObject
        {
            ["resourceType"] = "Bundle", ["type"] = "searchset", ["entry"] = new JsonArray(),
            ["link"] = new JsonArray(new JsonObject { ["relation"] = "next", ["url"] = next }),
        });
        var followed = await Paged($"{hospital.BaseUrl.AbsoluteUri.TrimEnd('/')}/Observation?patient=p1").At(hospital.BaseUrl).SendAsync(service);
        Assert.Equal(Concluded(await Call.Of(Mild).SendAsync(service)), Concluded(followed));
        Assert.Contains("incomplete", (await Paged($"{hospital.BaseUrl.AbsoluteUri.TrimEnd('/')}/Observation?patient=p1").SendAsync(service)).Topics);
        hospital.ForgetRequests();
        Assert.Contains("incomplete", (await Paged($"{other.BaseUrl.AbsoluteUri.TrimEnd('/')}/Observation?patient=p1").At(hospital.BaseUrl).SendAsync(service)).Topics);
        Assert.DoesNotContain(hospital.Requests, request => request.Type == "Observation");
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Data_of_another_patient_are_not_this_patients()
    {
        await using var service = await CardTests.StartAsync();
        var wrong = await Call.Of(Mild).With(body => body["context"]!["patientId"] = "somebody-else").SendAsync(service);
        Assert.Equal(412, wrong.Status);
        var mixed = Call.Of(Mild);
        foreach (var entry in mixed.Prefetch["observations"]!["entry"]!.AsArray())
        {
            entry!["resource"]!["subject"] = new JsonObject { ["reference"] = "Patient/somebody-else" };
        }

        var answer = await mixed.SendAsync(service);
        Assert.Contains("incomplete", answer.Topics);
        Assert.DoesNotContain("0.61", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_version_are_not_read()
    {
        await using var service = await CardTests.StartAsync();
        var call = Call.Of(Mild).With(body => body["prefetch"]!["medicationRequests"] = Call.Searchset(
            [JsonNode.Parse("""{"resourceType":"MedicationRequest","id":"m","status":"active","intent":"order","subject":{"reference":"Patient/p1"},"medication":{"concept":{"text":"x"}}}""")!.AsObject()]));
        Assert.Contains("incomplete", (await call.SendAsync(service)).Topics);
    }

    [Fact]
    public async Task A_server_that_is_not_configured_is_never_called()
    {
        using var configured = Simulator.Start(Vendors.Hapi, []);
        using var other = Simulator.Start(Vendors.Hapi, Call.Resources(Mild));
        await using var service = await CardTests.StartAsync(server: configured.BaseUrl);
        var answer = await Call.Of(Mild).Without("patient").At(other.BaseUrl).SendAsync(service);
        Assert.Equal(412, answer.Status);
        Assert.Contains("not the configured one", answer.Diagnostics, StringComparison.Ordinal);
        Assert.Equal(200, (await Call.Of(Mild).At(other.BaseUrl).SendAsync(service)).Status);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_slow_server_costs_its_data_and_no_more_than_the_deadline()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources(Mild)).Inject(Faults.Hang().On("AllergyIntolerance"));
        await using var service = await CardTests.StartAsync(settings => settings["Servers:0:Deadline"] = "00:00:02", hospital.BaseUrl);
        var watch = Stopwatch.StartNew();
        var answer = await Call.Of(Mild).Without("allergyIntolerances").At(hospital.BaseUrl).SendAsync(service);
        // One attempt alone would take ten seconds; the rest is room for a busy machine.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(9));
        Assert.Contains("incomplete", answer.Topics);
        Assert.Contains("therapy", answer.Topics);
    }

    [Fact]
    public async Task A_failing_server_costs_its_data()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources(Mild)).Inject(Faults.Status(403).On("AllergyIntolerance"));
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        Assert.Contains("incomplete", (await Call.Of(Mild).Without("allergyIntolerances").At(hospital.BaseUrl).SendAsync(service)).Topics);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_server_that_refuses_or_fails_at_everything_costs_its_data_or_the_call(int status)
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources(Mild)).Inject(Faults.Status(status));
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        var token = JsonNode.Parse("""{"access_token":"t","token_type":"Bearer","expires_in":300,"scope":"patient/*.rs","subject":"fhirmg"}""")!;
        var some = await Call.Of(Mild).Without("allergyIntolerances").At(hospital.BaseUrl).With(body => body["fhirAuthorization"] = token.DeepClone()).SendAsync(service);
        Assert.Equal(200, some.Status);
        Assert.Contains("incomplete", some.Topics);
        Assert.Contains("therapy", some.Topics);
        var none = await Call.Of(Mild).With(body => body.Remove("prefetch")).At(hospital.BaseUrl).With(body => body["fhirAuthorization"] = token).SendAsync(service);
        Assert.Equal(412, none.Status);
        Assert.NotEmpty(hospital.Requests);
    }

    [Fact]
    public async Task Where_nobody_listens_the_call_is_answered_all_the_same()
    {
        await using var service = await CardTests.StartAsync();
        var nowhere = new Uri("http://127.0.0.1:9/fhir");
        Assert.Contains("therapy", (await Call.Of(Mild).Without("allergyIntolerances").At(nowhere).SendAsync(service)).Topics);
        Assert.Equal(412, (await Call.Of(Mild).With(body => body.Remove("prefetch")).At(nowhere).SendAsync(service)).Status);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\u0000")]
    public async Task A_link_that_cannot_be_read_is_none(string id)
    {
        await using var service = await CardTests.StartAsync();
        var body = Call.Of(Mild).With(body => body["prefetch"]!["patient"]!["link"] =
            JsonNode.Parse("""[{"type":"replaced-by","other":{"reference":"Patient/HERE"}}]""")).Body.ToJsonString().Replace("HERE", id, StringComparison.Ordinal);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await service.Http.PostAsync(new Uri($"cds-services/{Call.PatientView}", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.InRange((int)response.StatusCode, 200, 499);
    }

    [Theory]
    [InlineData("""{"access_token":"t0ken-of-the-user","token_type":"Bearer","expires_in":300,"scope":"patient/*.rs","subject":"fhirmg"}""", true)]
    [InlineData("""{"access_token":"t0ken-of-the-user","token_type":"Bearer","expires_in":0,"scope":"patient/*.rs","subject":"fhirmg"}""", false)]
    [InlineData("""{"access_token":"t0ken-of-the-user","token_type":"Bearer","expires_in":300,"scope":"patient/*.rs","subject":"somebody"}""", false)]
    [InlineData("""{"access_token":"t0ken-of-the-user","token_type":"mac","expires_in":300,"scope":"patient/*.rs","subject":"fhirmg"}""", false)]
    [InlineData("""{"access_token":"t0ken-of-the-user","token_type":"Bearer","expires_in":300,"scope":"patient/*.rs","subject":"fhirmg","patient":"p9"}""", false)]
    [InlineData("""{"token_type":"Bearer"}""", false)]
    public async Task The_callers_token_is_used_when_it_can_be_and_nothing_in_its_stead(string authorization, bool isUsed)
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources(Mild));
        await using var service = await CardTests.StartAsync(settings => settings["Servers:0:ClientId"] = "fhirmg", hospital.BaseUrl);
        var answer = await Call.Of(Mild).Without("allergyIntolerances").At(hospital.BaseUrl)
            .With(body => body["fhirAuthorization"] = JsonNode.Parse(authorization)).SendAsync(service);
        Assert.Equal(!isUsed, answer.Topics.Contains("incomplete"));
        Assert.Equal(isUsed, hospital.Requests.Any(request => request.Authorization == "Bearer t0ken-of-the-user"));
        Assert.DoesNotContain("t0ken-of-the-user", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_that_does_not_reach_costs_that_kind()
    {
        using var hospital = Simulator.Start(Vendors.Hapi, Call.Resources(Mild));
        await using var service = await CardTests.StartAsync(server: hospital.BaseUrl);
        var answer = await Call.Of(Mild).Without("allergyIntolerances").At(hospital.BaseUrl)
            .With(body => body["fhirAuthorization"] = JsonNode.Parse("""{"access_token":"abc","token_type":"Bearer","expires_in":300,"scope":"patient/Patient.rs patient/Observation.rs","subject":"fhirmg"}""")).SendAsync(service);
        Assert.Contains("incomplete", answer.Topics);
        Assert.DoesNotContain(hospital.Requests, request => request.Type == "AllergyIntolerance");
    }

    // Uuids aside nothing but order of resources may differ.
    private static string Concluded(CallAnswer answer) => string.Join('\n', answer.Cards.Select(card => $"{card["uuid"]} {card["summary"]}\n{card["detail"]}"));
}
