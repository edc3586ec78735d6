using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Reasoning.Knowing;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class ScopeTests
{
    private const string V2 = "system/Observation.rs system/Task.crus";
    private const string V1 = "system/Observation.read system/Task.read system/Task.write";

    [Theory]
    [InlineData(ScopeDialect.Both, V2)]
    [InlineData(ScopeDialect.V2, V2)]
    [InlineData(ScopeDialect.V1, V1)]
    public async Task The_way_of_writing_that_the_server_knows_is_used_at_once(ScopeDialect dialect, string asked)
    {
        await using var server = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Secret = "s3cret-value" }], Scopes = dialect });
        using var bench = new Bench(Bench.WithSecret(server.Url), null, V2.Split(' '));

        var token = await bench.GetAsync();

        Assert.Equal(asked, Assert.Single(server.Requests).Scope);
        Assert.True(token.Granted.Allows("Observation", Permission.Search) && token.Granted.Allows("Task", Permission.Create));
        Assert.False(token.Granted.Allows("Observation", Permission.Create));
    }

    [Theory]
    [InlineData("", "system/*.read", false)]
    [InlineData("", "system/*.read system/*.rs", true)]
    [InlineData("permission-v1 permission-v2", "system/*.read", true)]
    [InlineData("permission-v1", "", false)]
    [InlineData("", "openid", true)]
    [InlineData("", "", true)]
    public async Task Which_scopes_a_server_knows_is_read_from_what_it_says(string capabilities, string scopes, bool isV2)
    {
        await using var server = await Stub.StartAsync();
        server.Configuration = new JsonObject { ["capabilities"] = Texts(capabilities), ["scopes_supported"] = Texts(scopes) };
        using var bench = new Bench(Bench.WithSecret(server.Base), null, V2.Split(' '));

        await bench.GetAsync();

        Assert.Equal(isV2 ? V2 : V1, server.TokenRequests[0].Form("scope"));
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("passed over")]
    public async Task A_server_that_turns_out_to_know_only_v1_is_asked_for_v1_and_remembered(string how)
    {
        await using var server = await Stub.StartAsync();
        server.Token = seen => seen.Form("scope") == V1 ? Reply.Token()
            : how == "refused" ? Reply.Error("invalid_scope") : Reply.Token("useless", "\"scope\":\"openid\"");
        using var bench = new Bench(Bench.WithSecret(server.Base), null, V2.Split(' '));

        var token = await bench.GetAsync();
        bench.Tokens.Invalidate(token);
        bench.Tokens.Invalidate(await bench.GetAsync());
        await bench.GetAsync();

        Assert.Equal([V2, V1, V1, V1], server.TokenRequests.Select(request => request.Form("scope")));
        Assert.Equal(V1.Split(' ').ToHashSet(), token.Scopes);
    }

    [Fact]
    public async Task A_server_that_no_longer_takes_v1_is_asked_for_v2_again()
    {
        await using var server = await Stub.StartAsync();
        var known = V1;
        server.Token = seen => seen.Form("scope") == known ? Reply.Token() : Reply.Error("invalid_scope");
        using var bench = new Bench(Bench.WithSecret(server.Base), null, V2.Split(' '));
        bench.Tokens.Invalidate(await bench.GetAsync());
        known = V2;

        await bench.FailAsync();

        Assert.Equal(V2.Split(' ').ToHashSet(), (await bench.GetAsync()).Scopes);
    }

    [Fact]
    public async Task Configured_scopes_are_asked_for_as_they_are()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => Reply.Error("invalid_scope", "not registered");
        using var bench = new Bench(Bench.WithSecret(server.Base) with { Scopes = "system/*.rs  custom" });

        var fault = await bench.FailAsync();

        Assert.Equal("system/*.rs custom", Assert.Single(server.TokenRequests).Form("scope"));
        Assert.Contains("answered 400 (invalid_scope: not registered): ask for scopes that the client is registered for (Scopes)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_narrower_grant_is_what_counts()
    {
        await using var server = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Secret = "s3cret-value", GrantOnly = ["system/Observation.rs"] }] });
        using var bench = new Bench(Bench.WithSecret(server.Url), null, V2.Split(' '));

        var token = await bench.GetAsync();

        Assert.True(token.Granted.Allows("Observation", Permission.Search));
        Assert.False(token.Granted.Allows("Task", Permission.Create));
    }

    [Fact]
    public async Task A_grant_that_is_not_told_is_what_was_asked_for()
    {
        await using var server = await AuthServer.StartAsync(new() { Clients = [new("fhirmg") { Secret = "s3cret-value" }] });
        server.Fault = AuthFault.NoScope;
        using var bench = new Bench(Bench.WithSecret(server.Url), null, V2.Split(' '));

        Assert.Equal(V2.Split(' ').ToHashSet(), (await bench.GetAsync()).Scopes);
    }

    [Fact]
    public void What_is_wanted_follows_the_knowledge_and_the_write_policy()
    {
        var reading = WantedScopes.Of(Knowledge.BuiltIn, WritePolicy.Suggest);
        var writing = new GrantedScopes(WantedScopes.Of(Knowledge.BuiltIn, WritePolicy.Write));

        Assert.All(Knowledge.BuiltIn.Requirements, requirement => Assert.Contains($"system/{requirement.Type}.rs", reading));
        Assert.Contains("system/Patient.rs", reading);
        Assert.All(reading, scope => Assert.EndsWith(".rs", scope, StringComparison.Ordinal));
        Assert.Equal(reading.Distinct().Order(StringComparer.Ordinal), reading);
        Assert.True(writing.Allows("MedicationRequest", Permission.Create | Permission.Read | Permission.Update | Permission.Search));
        Assert.False(writing.Allows("MedicationRequest", Permission.Delete) || writing.Allows("Patient", Permission.Update));
    }

    private static JsonArray Texts(string words) => new([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => JsonValue.Create(word))]);
}
