using FhirMg.Fhir.Pulling;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tests.Pulling;
using FhirMg.Fhir.Tokens;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Extraction;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>A token that somebody brings, in place of one of our own.</summary>
public sealed class CallerTokenTests
{
    [Fact]
    public async Task It_goes_with_every_call_of_the_server_that_it_is_for()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl);
        var server = pull.Server.As(new("secret-of-the-user", new([])));
        await server.GetAsync("Patient/x", TestContext.Current.CancellationToken);
        await pull.Server.GetAsync("Patient/x", TestContext.Current.CancellationToken);
        Assert.Equal(["Bearer secret-of-the-user", null], simulator.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task It_reaches_no_other_host()
    {
        using var other = Bystander.Start();
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl);
        var server = pull.Server.As(new("secret-of-the-user", new([])));
        await Assert.ThrowsAsync<FhirServerException>(() => server.GetAsync($"{other.Url}Patient/x", TestContext.Current.CancellationToken));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task What_is_granted_to_it_decides_what_can_be_done()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl);
        var server = pull.Server.As(new("t", new(["patient/Observation.rs"])));
        var capability = await server.GrantedCapabilityAsync(TestContext.Current.CancellationToken);
        Assert.True(capability["Observation"].Can("search-type"));
        Assert.False(capability["Condition"].Can("search-type"));
    }

    [Fact]
    public async Task A_patient_is_read_and_written_with_it_alone()
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl, options => options with { Auth = ServerAuth.SmartOnly, WritePolicy = WritePolicy.Write });
        var server = pull.Server.As(new("secret-of-the-user", new(["user/*.cruds"])));
        var assessment = await AssessAsync(server);
        Assert.True((await WriteBack.ExecuteAsync(server, assessment, Language.English, cancellationToken: Cancellation)).IsComplete);
        Assert.Contains(simulator.Requests, request => request.Method == "POST");
        Assert.All(simulator.Requests.Where(request => request.Path != "metadata"), request => Assert.Equal("Bearer secret-of-the-user", request.Authorization));
    }

    [Fact]
    public async Task A_server_that_tells_only_those_whom_it_knows_what_it_can_do_is_asked_with_it()
    {
        var guarded = Faults.Status(401).Everywhere().When(request => request.Authorization is null);
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources()).Inject(guarded);
        await using var pull = new Pull(simulator.BaseUrl, options => options with { Auth = ServerAuth.SmartOnly });
        await Assert.ThrowsAsync<FhirServerException>(() => pull.Server.CapabilityAsync(Cancellation));
        Assert.True((await pull.Server.As(new("t", new([]))).GrantedCapabilityAsync(Cancellation))["Observation"].Can("search-type"));

        // Once is enough for everybody.
        simulator.ForgetRequests();
        Assert.False((await pull.Server.As(new("u", new(["user/Patient.rs"]))).GrantedCapabilityAsync(Cancellation))["Observation"].Can("search-type"));
        Assert.Empty(simulator.Requests);
    }

    [Theory]
    [InlineData("Patient")]
    [InlineData("Observation")]
    [InlineData("Condition")]
    public async Task When_it_is_not_taken_that_is_an_error_and_never_less_data(string type)
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources()).Inject(Faults.ExpiredToken().On(type));
        await using var pull = new Pull(simulator.BaseUrl);
        var server = pull.Server.As(new("t", new([])));
        var error = await Assert.ThrowsAsync<FhirServerException>(() => AssessAsync(server));
        Assert.Equal((ServerFault.Refused, 401), (error.Fault, error.Status));

        // With a new one, the same work goes through.
        await AssessAsync(pull.Server.As(new("renewed", new([]))));
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("POST", false)]
    [InlineData("POST", true)]
    public async Task When_it_is_not_taken_at_writing_a_renewed_one_completes_the_work(string method, bool noTransaction)
    {
        using var simulator = Simulator.Start(Vendors.Hapi with { Transactions = !noTransaction }, Chart.Resources());
        await using var pull = new Pull(simulator.BaseUrl, options => options with { WritePolicy = WritePolicy.Write });
        var assessment = await AssessAsync(pull.Server.As(new("t", new([]))));
        var loaded = simulator.Resources.Count;
        var count = 0;
        simulator.Inject(Faults.ExpiredToken().When(request => request.Method == method && (!noTransaction || Interlocked.Increment(ref count) > 2)));

        var error = await Assert.ThrowsAsync<FhirServerException>(() => WriteBack.ExecuteAsync(pull.Server.As(new("t", new([]))), assessment, Language.English, cancellationToken: Cancellation));
        Assert.Equal((ServerFault.Refused, 401), (error.Fault, error.Status));

        var result = await WriteBack.ExecuteAsync(pull.Server.As(new("renewed", new([]))), assessment, Language.English, cancellationToken: Cancellation);
        Assert.True(result.IsComplete);
        Assert.Empty(result.With(WriteOutcome.Suggested));
        Assert.Equal(loaded + result.Steps.Count, simulator.Resources.Count);
    }

    [Fact]
    public void It_stands_in_no_text() => Assert.DoesNotContain("secret", new CallerToken("secret", new([])).ToString(), StringComparison.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<Assessment> AssessAsync(FhirServer server)
    {
        var pulled = await new PatientPull(server, Knowledge.BuiltIn).ReadAsync(Chart.Patient, Pull.AsOf, Cancellation);
        Assert.Equal(DataKinds.None, pulled.NotRead);
        return Evaluator.Evaluate(Extractor.Extract(pulled.Record, Knowledge.BuiltIn, Pull.AsOf, pulled.NotRead), Knowledge.BuiltIn);
    }
}
