using System.Text.Json.Nodes;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Servers;

/// <summary>SMART Backend Services, gateway keys, and that nothing secret is ever said.</summary>
public sealed class AuthorizationTests : IDisposable
{
    private const string Secret = "s3cret/w0rd+!";
    private static readonly ClientKey Key = new();
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_with_a_key_file_asks_only_for_what_it_does(bool write)
    {
        await using var auth = await AuthAsync();
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).RequireToken(auth);
        string[] arguments = [.. ByKey(), .. write ? (string[])["--write"] : []];
        var run = Hospital.Evaluate(server.BaseUrl, arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.True(JsonNode.DeepEquals(Hospital.ExpectedReports(Hospital.MildSample), JsonNode.Parse(run.Output)!["reports"]), run.Output);
        Assert.Equal("transaction", (string?)Hospital.Writes(run)["how"]);
        var scopes = auth.Requests.Single().Scope.Split(' ');
        Assert.Contains(write ? "system/RiskAssessment.crus" : "system/RiskAssessment.rs", scopes);
        Assert.Contains("system/Medication.rs", scopes);
        Assert.Equal(write, scopes.Any(scope => scope.Contains(".c", StringComparison.Ordinal)));
        AssertNothingSecret(run, [.. Key.Pem.Split('\n').Where(line => line.Length > 20), "eyJ"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_secret_comes_from_a_file_or_the_environment(bool file)
    {
        await using var auth = await AuthAsync();
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).RequireToken(auth);
        string[] arguments = ["evaluate", "--server", server.BaseUrl.AbsoluteUri, "--patient", Hospital.MildPatient, "--client-id", "fhirmg", "--format", "json",
            .. file ? (string[])["--client-secret-file", _workspace.Write("secret", $"{Secret}\n")] : []];
        var run = Fhirmg.Run(arguments, "", environment => environment["FHIRMG_CLIENT_SECRET"] = file ? null : Secret);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        AssertNothingSecret(run, Secret);
    }

    [Fact]
    public async Task Without_scopes_to_look_for_what_was_written_the_report_still_comes()
    {
        await using var auth = await AuthAsync("system/Patient.rs", "system/Observation.rs", "system/Condition.rs", "system/AllergyIntolerance.rs", "system/Encounter.rs",
            "system/MedicationStatement.rs", "system/MedicationAdministration.rs", "system/MedicationRequest.rs", "system/QuestionnaireResponse.rs", "system/Medication.rs");
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).RequireToken(auth);
        var run = Hospital.Evaluate(server.BaseUrl, ByKey());
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("no scope to search for a RiskAssessment was granted", run.Output, StringComparison.Ordinal);
        Assert.Equal("suggest", (string?)Hospital.Writes(run)["how"]);
        Assert.DoesNotContain(server.Requests, request => request.Type == "RiskAssessment");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_not_granted_is_told_beforehand_and_never_sent(bool write)
    {
        await using var auth = await AuthAsync("system/*.rs");
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).RequireToken(auth);
        var run = Hospital.Evaluate(server.BaseUrl, [.. ByKey(), "--scopes", "system/*.cruds", .. write ? (string[])["--write"] : []]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(("suggest", "report suggest"), ((string)Hospital.Writes(run)["how"]!, string.Join(' ', Hospital.Each(Hospital.Writes(run), "action"))));
        Assert.Contains("no scope to create a RiskAssessment was granted", Hospital.Each(Hospital.Writes(run), "reason"));
        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task A_client_that_is_not_known_is_told_what_to_do()
    {
        await using var auth = await AuthServer.StartAsync(new());
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).RequireToken(auth);
        var run = Hospital.Evaluate(server.BaseUrl, ByKey());
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("invalid_client", run.Errors, StringComparison.Ordinal);
        Assert.Contains("public key", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Without_a_client_a_protected_server_gives_no_report()
    {
        await using var auth = await AuthAsync();
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).RequireToken(auth);
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("we may not read this patient (401): check client, scopes and token", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateways_key_from_a_file_is_sent_and_never_said()
    {
        var echo = new Fault("echo", (request, _, _) => Task.FromResult(Answer.Error(403, $"bad key {request.Headers["X-Api-Key"]}", ErrorStyle.Text)));
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).Inject(echo.On("AllergyIntolerance"));
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--header", $"X-Api-Key: @{_workspace.Write("key", Secret)}", "--header", "X-Tenant: ward-7");
        Assert.Equal(0, run.ExitCode);
        Assert.All(server.Requests, request => Assert.Equal((Secret, "ward-7"), (request.Headers["X-Api-Key"], request.Headers["X-Tenant"])));
        Assert.Contains("bad key \u2026", run.Errors, StringComparison.Ordinal);
        AssertNothingSecret(run, Secret);
    }

    private static void AssertNothingSecret(Fhirmg run, params string[] secrets) =>
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, run.Output + run.Errors, StringComparison.Ordinal));

    private static Task<AuthServer> AuthAsync(params string[] granted) => AuthServer.StartAsync(new()
    {
        Clients = [new AuthClient("fhirmg") { Jwks = Key.Public, Secret = Secret, GrantOnly = granted.Length == 0 ? null : granted }],
    });

    private string[] ByKey() => ["--patient", Hospital.MildPatient, "--client-id", "fhirmg", "--key", _workspace.Write("key.pem", Key.Pem), "--format", "json"];
}
