using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Service.Sessions;
using FhirMg.Service.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Tests.Launch;

/// <summary>Nothing is assumed of an authorization server beyond the specification.</summary>
public sealed class AnyServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_that_are_unknown_absent_or_written_otherwise_do_no_harm()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Answer = answer =>
        {
            (answer["expires_in"], answer["token_type"], answer["patient"], answer["need_patient_banner"]) = ("3600", "bearer", "Patient/p7", "false");
            (answer["encounter"], answer["smart_style_url"], answer["intent"]) = ("no id!", "javascript:alert(1)", 7);
            answer.Remove("scope");
            answer.Remove("refresh_token");
            answer.Remove("id_token");
        };

        var session = await launch.LaunchAsync();

        Assert.Equal(("p7", null, null), (session.Patient, session.Encounter, session.User));
        Assert.Null(session.StyleUrl);
        Assert.False(session.NeedsPatientBanner);
        Assert.True((await launch.TokenAsync(session)).Granted.Allows("Observation", Permission.Read | Permission.Search), "what is not said is granted as asked");
    }

    [Fact]
    public async Task Without_a_word_about_it_the_patient_is_shown_and_the_token_serves_until_it_is_refused()
    {
        var time = new ShiftedTime();
        await using var launch = await OddLaunch.StartAsync(time: time);
        launch.Server.Answer = answer =>
        {
            answer.Remove("expires_in");
            answer.Remove("refresh_token");
        };
        var session = await launch.LaunchAsync();
        Assert.True(session.NeedsPatientBanner);
        var token = await launch.TokenAsync(session);
        time.Shift = TimeSpan.FromHours(5);
        Assert.True(token.Is(await launch.TokenAsync(session)));
        await Assert.ThrowsAsync<ReauthorizationException>(() => launch.Sessions.RenewAsync(session, token, Cancellation));
    }

    [Fact]
    public async Task A_missing_patient_is_a_session_without_one()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Answer = answer => answer.Remove("patient");
        var session = await launch.LaunchAsync();
        Assert.Null(session.Patient);
    }

    [Fact]
    public async Task A_narrower_grant_decides()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Answer = answer => answer["scope"] = "launch patient/Observation.rs";
        var token = await launch.TokenAsync(await launch.LaunchAsync());
        Assert.True(token.Granted.Allows("Observation", Permission.Read));
        Assert.False(token.Granted.Allows("MedicationRequest", Permission.Read));
    }

    [Fact]
    public async Task Offline_access_is_asked_for_where_only_that_is_offered_and_nothing_where_neither_is()
    {
        await using var launch = await OddLaunch.StartAsync();
        await launch.LaunchAsync();
        Assert.Contains("offline_access", launch.Server.Authorizations.Last()["scope"].Split(' '));
        Assert.DoesNotContain("online_access", launch.Server.Authorizations.Last()["scope"].Split(' '));

        await using var other = await OddLaunch.StartAsync();
        other.Server.Configuration = configuration =>
        {
            (configuration["scopes_supported"], configuration["capabilities"]) = (new JsonArray("openid", "fhirUser", "launch"), new JsonArray("launch-ehr", "permission-v2"));
            return configuration;
        };
        await other.LaunchAsync();
        Assert.DoesNotContain(other.Server.Authorizations.Last()["scope"].Split(' '), scope => scope.EndsWith("line_access", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_knows_only_v1_is_asked_the_v1_way()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Configuration = configuration =>
        {
            (configuration["scopes_supported"], configuration["capabilities"]) = (new JsonArray("openid", "profile", "launch", "patient/*.read"), new JsonArray("launch-ehr", "permission-v1", "sso-openid-connect"));
            return configuration;
        };
        launch.Server.Answer = answer => answer["scope"] = "openid profile launch patient/*.read";
        launch.Server.Identity = (server, request) => server.IdToken(request, token =>
        {
            token.Claims.Remove("fhirUser");
            token.Claims["profile"] = "Practitioner/p9";
        });

        var session = await launch.LaunchAsync();

        var scopes = launch.Server.Authorizations.Last()["scope"].Split(' ');
        Assert.Superset(new HashSet<string> { "openid", "profile", "patient/Observation.read", "patient/MedicationRequest.write" }, scopes.ToHashSet());
        Assert.DoesNotContain(scopes, scope => scope.EndsWith(".rs", StringComparison.Ordinal) || scope == "fhirUser");
        Assert.Equal("Practitioner/p9", session.User);
        Assert.True((await launch.TokenAsync(session)).Granted.Allows("Observation", Permission.Search));
    }

    [Fact]
    public async Task A_server_that_refuses_v2_is_asked_again_the_v1_way_once()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Refuse = request => request["scope"].Contains(".rs", StringComparison.Ordinal) ? ("invalid_scope", null) : null;
        var session = await launch.LaunchAsync();
        Assert.Equal("p1", session.Patient);
        Assert.Equal(2, launch.Server.Authorizations.Count);
        Assert.All(launch.Server.Authorizations, request => Assert.Equal("xyz", request["launch"]));

        launch.Server.Refuse = _ => ("invalid_scope", null);
        var (_, page) = await launch.TryAsync();
        Assert.Contains("refused", page, StringComparison.Ordinal);
        Assert.Equal(4, launch.Server.Authorizations.Count);
    }

    [Fact]
    public async Task The_capability_statement_will_do_and_means_v1()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Configuration = _ => null;
        var session = await launch.LaunchAsync();
        Assert.Equal("p1", session.Patient);
        Assert.Contains("patient/Observation.read", launch.Server.Authorizations.Last()["scope"].Split(' '));
        Assert.Null(session.User);
        Assert.Contains("cannot be checked", launch.Service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configured_scopes_are_asked_for_as_they_are_with_the_context_of_the_launch_at_hand()
    {
        await using var launch = await OddLaunch.StartAsync(new Dictionary<string, string?> { ["Scopes"] = "openid fhirUser launch/patient patient/Observation.r" });
        await launch.LaunchAsync();
        Assert.Equal("launch openid fhirUser patient/Observation.r", launch.Server.Authorizations.Last()["scope"]);
    }

    [Fact]
    public async Task The_base_is_named_as_the_EHR_names_it_and_the_endpoint_keeps_its_query()
    {
        await using var launch = await OddLaunch.StartAsync();
        var (session, _) = await launch.TryAsync(launch.Url($"?iss={Uri.EscapeDataString($"{launch.Server.Base}/")}&launch=xyz"));
        Assert.NotNull(session);
        Assert.Equal($"{launch.Server.Base}/", launch.Server.Authorizations.Last()["aud"]);
        Assert.Equal("one", launch.Server.Authorizations.Last()["tenant"]);
    }

    [Fact]
    public async Task A_public_client_names_itself_and_sends_no_secret()
    {
        await using var launch = await OddLaunch.StartAsync();
        await launch.LaunchAsync();
        var request = launch.Server.TokenRequests.Last();
        Assert.Equal("fhirmg", request["client_id"]);
        Assert.DoesNotContain("authorization", request.Keys);
        Assert.DoesNotContain("client_secret", request.Keys);
        Assert.Equal(launch.Server.Authorizations.Last()["redirect_uri"], request["redirect_uri"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_secret_goes_into_the_header_or_into_the_body_where_only_that_is_taken(bool basic)
    {
        await using var launch = await OddLaunch.StartAsync(new Dictionary<string, string?> { ["ClientSecret"] = "s:e/c ret" });
        launch.Server.Configuration = configuration =>
        {
            configuration["token_endpoint_auth_methods_supported"] = new JsonArray(basic ? "client_secret_basic" : "client_secret_post");
            return configuration;
        };
        await launch.LaunchAsync();
        var request = launch.Server.TokenRequests.Last();
        Assert.Equal(basic ? $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes("fhirmg:s%3Ae%2Fc+ret"))}" : null, request.GetValueOrDefault("authorization"));
        Assert.Equal(basic ? null : "s:e/c ret", request.GetValueOrDefault("client_secret"));
    }

    public static TheoryData<string> BadIdentities =>
        ["none", "HS256 by the secret", "another audience", "a second audience", "another issuer", "another nonce", "no nonce", "expired", "not yet", "no expiry", "a foreign key", "no subject", "garbage"];

    [Theory]
    [MemberData(nameof(BadIdentities))]
    public async Task A_wrong_id_token_ends_the_launch(string what)
    {
        const string Secret = "a-secret-that-both-sides-know-well";
        await using var launch = await OddLaunch.StartAsync(new Dictionary<string, string?> { ["ClientSecret"] = Secret });
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        launch.Server.Identity = (server, request) => what == "garbage" ? "a.b.c" : server.IdToken(request, token =>
        {
            switch (what)
            {
                case "none": token.SigningCredentials = null; break;
                case "HS256 by the secret": token.SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Secret)), SecurityAlgorithms.HmacSha256); break;
                case "another audience": token.Audience = "other"; break;
                case "a second audience":
                    token.Audience = null;
                    token.Claims["aud"] = new[] { "fhirmg", "other" };
                    break;
                case "another issuer": token.Issuer = "https://elsewhere.example"; break;
                case "another nonce": token.Claims["nonce"] = "other"; break;
                case "no nonce": token.Claims.Remove("nonce"); break;
                case "expired": (token.IssuedAt, token.NotBefore, token.Expires) = (now.AddHours(-1), now.AddHours(-1), now.AddMinutes(-3)); break;
                case "not yet": (token.NotBefore, token.Expires) = (now.AddMinutes(10), now.AddMinutes(20)); break;
                case "no expiry": token.Expires = null; break;
                case "a foreign key": token.SigningCredentials = new(OddServer.NewKey("k1"), SecurityAlgorithms.RsaSha256); break;
                case "no subject": token.Claims.Remove("sub"); break;
                default: throw new InvalidOperationException(what);
            }
        });

        var (session, page) = await launch.TryAsync();

        Assert.Null(session);
        Assert.Contains("prove who has signed in", page, StringComparison.Ordinal);
        Assert.DoesNotContain(launch.Browser.Given, cookie => cookie.Path.ToString().Contains("/app/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_key_has_the_keys_asked_for_again()
    {
        await using var launch = await OddLaunch.StartAsync();
        await launch.LaunchAsync();
        await launch.LaunchAsync();
        Assert.Equal(1, launch.Server.KeysAsked);

        launch.Server.Key = OddServer.NewKey("k2");
        launch.Server.Published.Add(launch.Server.Key);
        var session = await launch.LaunchAsync();
        Assert.Equal(2, launch.Server.KeysAsked);
        Assert.Equal("Practitioner/p1", session.User);
    }

    [Theory]
    [InlineData("Practitioner/p1", "Practitioner/p1")]
    [InlineData("BASE/Patient/x/_history/2", "Patient/x")]
    [InlineData("https://elsewhere.example/fhir/Practitioner/p1", null)]
    [InlineData("Practitioner/<script>", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("Observation/o1", null)]
    public async Task The_user_is_a_reference_below_the_base_or_nobody(string said, string? user)
    {
        await using var launch = await OddLaunch.StartAsync();
        var text = said.Replace("BASE", launch.Server.Base, StringComparison.Ordinal);
        launch.Server.Identity = (_, _) => null;
        launch.Server.Answer = answer => answer["fhirUser"] = text;
        Assert.Equal(user, (await launch.LaunchAsync()).User);
    }

    [Fact]
    public async Task Nobody_named_on_either_side_continues_in_the_same_browser_for_the_same_patient()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Identity = (_, _) => null;
        var session = await launch.LaunchAsync();
        await launch.Sessions.SaveAsync(session, null, "draft", Cancellation);
        var (again, _) = await launch.TryAsync(new(launch.Service.Url, LaunchPaths.Reauthorize(session.Handle)));
        Assert.Equal((session.Handle, "draft"), (again!.Handle, again.Draft));

        // Now the server names somebody, who may be anybody.
        launch.Server.Identity = (server, request) => server.IdToken(request);
        var (other, _) = await launch.TryAsync(new(launch.Service.Url, LaunchPaths.Reauthorize(session.Handle)));
        Assert.NotEqual(session.Handle, other!.Handle);
        Assert.Null(other.Draft);
    }

    [Fact]
    public async Task Where_there_is_no_standalone_launch_the_EHRs_launch_is_used_again()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Configuration = configuration =>
        {
            configuration["capabilities"] = new JsonArray("launch-ehr", "permission-v2");
            return configuration;
        };
        var session = await launch.LaunchAsync();
        await launch.TryAsync(new(launch.Service.Url, LaunchPaths.Reauthorize(session.Handle)));
        Assert.Equal("xyz", launch.Server.Authorizations.Last()["launch"]);
    }

    [Fact]
    public async Task Many_tabs_at_once_refresh_once()
    {
        var time = new ShiftedTime();
        await using var launch = await OddLaunch.StartAsync(time: time);
        var session = await launch.LaunchAsync();
        var token = await launch.TokenAsync(session);
        time.Shift = TimeSpan.FromMinutes(59.5);

        var tokens = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? launch.TokenAsync(session) : launch.Sessions.RenewAsync(session, token, Cancellation)));

        Assert.All(tokens, one => Assert.True(one.Is(tokens[0]) && !one.Is(token)));
        Assert.Single(launch.Server.TokenRequests, request => request["grant_type"] == "refresh_token");
        Assert.False(launch.Server.SawReplay);
        time.Shift = TimeSpan.FromMinutes(59.5 + 59.5);
        Assert.False((await launch.TokenAsync(session)).Is(tokens[0]));
        Assert.False(launch.Server.SawReplay, "the rotated refresh token is the one to use");
    }

    [Fact]
    public async Task A_refused_refresh_asks_for_the_person_and_keeps_the_draft()
    {
        await using var launch = await OddLaunch.StartAsync();
        var session = await launch.LaunchAsync();
        var token = await launch.TokenAsync(session);
        await launch.Sessions.SaveAsync(session, "ru", "answers", Cancellation);
        launch.Server.Token = form => form["grant_type"] == "refresh_token" ? OddServer.Error("invalid_grant") : null;

        await Assert.ThrowsAsync<ReauthorizationException>(() => launch.Sessions.RenewAsync(session, token, Cancellation));
        var (again, _) = await launch.TryAsync(new(launch.Service.Url, LaunchPaths.Reauthorize(session.Handle)));

        Assert.Equal((session.Handle, "ru", "answers"), (again!.Handle, again.Language, again.Draft));
        Assert.False(token.Is(await launch.TokenAsync(again)));
    }

    [Fact]
    public async Task A_server_that_is_down_is_said_to_be_down_and_a_token_renewed_early_still_serves()
    {
        var time = new ShiftedTime();
        await using var launch = await OddLaunch.StartAsync(time: time);
        var session = await launch.LaunchAsync();
        var token = await launch.TokenAsync(session);
        launch.Server.Token = _ => Results.Text("<html>down</html>", "text/html", statusCode: 503);

        time.Shift = TimeSpan.FromMinutes(59.5);
        Assert.True(token.Is(await launch.TokenAsync(session)));
        time.Shift = TimeSpan.FromMinutes(61);
        var fault = await Assert.ThrowsAsync<FhirServerException>(() => launch.TokenAsync(session));
        Assert.Equal(ServerFault.Unavailable, fault.Fault);
        launch.Server.Token = _ => null;
        Assert.False(token.Is(await launch.TokenAsync(session)));
    }

    [Fact]
    public async Task A_token_renewed_for_another_patient_is_not_used()
    {
        await using var launch = await OddLaunch.StartAsync();
        var session = await launch.LaunchAsync();
        var token = await launch.TokenAsync(session);
        launch.Server.RefreshAnswer = answer => answer["patient"] = "p2";
        await Assert.ThrowsAsync<ReauthorizationException>(() => launch.Sessions.RenewAsync(session, token, Cancellation));
        await Assert.ThrowsAsync<ReauthorizationException>(() => launch.Sessions.RenewAsync(session, token, Cancellation));
        Assert.Single(launch.Server.TokenRequests, request => request["grant_type"] == "refresh_token");
    }

    [Fact]
    public async Task Signing_out_gives_the_refresh_token_back()
    {
        await using var launch = await OddLaunch.StartAsync();
        var session = await launch.LaunchAsync();
        await launch.Sessions.EndAsync(launch.Browser.ContextOf(launch.Service, session.Handle), session, Cancellation);
        AssertGivenBack(launch);
    }

    [Fact]
    public async Task A_session_that_expires_is_erased_and_gives_the_refresh_token_back()
    {
        var time = new ShiftedTime();
        await using var launch = await OddLaunch.StartAsync(time: time);
        await launch.LaunchAsync();
        var expired = launch.Service.Services.GetRequiredService<ExpiredSessions>();
        time.Shift = AppSessions.Lifetime - TimeSpan.FromMinutes(1);
        await expired.RunAsync(Cancellation);
        Assert.Equal((1, 0), (await SessionsAsync(launch), launch.Server.Revoked.Count));
        time.Shift = AppSessions.Lifetime + TimeSpan.FromMinutes(1);
        await Task.WhenAll(expired.RunAsync(Cancellation), expired.RunAsync(Cancellation));
        Assert.Equal(0, await SessionsAsync(launch));
        AssertGivenBack(launch);
    }

    [Fact]
    public async Task Retention_leaves_an_expired_session_to_those_who_give_its_token_back()
    {
        var time = new ShiftedTime();
        await using var launch = await OddLaunch.StartAsync(time: time);
        await launch.LaunchAsync();
        var retention = launch.Service.Services.GetServices<IHostedService>().OfType<Retention>().Single();
        time.Shift = AppSessions.Lifetime + TimeSpan.FromMinutes(30);
        await retention.RunAsync(Cancellation);
        Assert.Equal(1, await SessionsAsync(launch));
        time.Shift = AppSessions.Lifetime + TimeSpan.FromMinutes(61);
        await retention.RunAsync(Cancellation);
        Assert.Equal(0, await SessionsAsync(launch));
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("refuses")]
    [InlineData("names no endpoint")]
    public async Task A_server_that_takes_no_token_back_holds_nobody_up(string how)
    {
        await using var launch = await OddLaunch.StartAsync();
        using var end = new CancellationTokenSource();
        launch.Server.Configuration = configuration =>
        {
            _ = how != "names no endpoint" || configuration.Remove("revocation_endpoint");
            return configuration;
        };
        launch.Server.Revoking = () => how == "hangs" ? Task.Delay(Timeout.Infinite, end.Token) : throw new InvalidOperationException("refused");
        var session = await launch.LaunchAsync();
        var began = Stopwatch.GetTimestamp();
        await launch.Sessions.EndAsync(launch.Browser.ContextOf(launch.Service, session.Handle), session, Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        await end.CancelAsync();
        Assert.Equal(0, await SessionsAsync(launch));
        Assert.Equal(how == "names no endpoint" ? 0 : 1, launch.Server.Revoked.Count);
        Assert.Contains("refresh token given back: False", launch.Service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-", launch.Service.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("access_denied", "Access was not allowed", "en")]
    [InlineData("access_denied", "Доступ не разрешён", "ru")]
    [InlineData("server_error", "could not sign you in", "en")]
    [InlineData("unauthorized_client", "refused to open", "en")]
    public async Task An_error_of_the_authorization_server_is_a_page_in_the_persons_language(string error, string says, string language)
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Browser.Language = language;
        launch.Server.Refuse = _ => (error, "the server's own words");
        var (_, page) = await launch.TryAsync();
        Assert.Contains(WebUtility.HtmlEncode(says), page, StringComparison.Ordinal);
        Assert.Contains("the server&#39;s own words", page, StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{language}\">", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "<html>oops</html>", "text/html")]
    [InlineData(200, "<html>login</html>", "text/html")]
    [InlineData(200, "[]", "application/json")]
    [InlineData(200, "{\"token_type\":\"Bearer\"}", "application/json")]
    [InlineData(200, "{\"access_token\":\"a\\nb\",\"token_type\":\"Bearer\"}", "application/json")]
    [InlineData(200, "{\"access_token\":\"\\ud800\",\"token_type\":\"Bearer\"}", "application/json")]
    [InlineData(200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}", "application/json")]
    [InlineData(400, "{\"error\":{}}", "application/json")]
    [InlineData(302, "", "text/plain")]
    public async Task A_token_endpoint_that_answers_something_else_is_a_page(int status, string body, string type)
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Token = _ => Results.Text(body, type, statusCode: status);
        var (session, page) = await launch.TryAsync();
        Assert.Null(session);
        Assert.Contains("gave FhirMg no access", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_an_authorization_endpoint_and_one_that_is_away_are_pages()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Configuration = configuration =>
        {
            configuration.Remove("authorization_endpoint");
            return configuration;
        };
        Assert.Contains("where to sign in", (await launch.TryAsync()).Page, StringComparison.Ordinal);

        await using var away = await OddLaunch.StartAsync(new Dictionary<string, string?> { ["BaseUrl"] = "http://127.0.0.1:9/fhir", ["Deadline"] = "00:00:05" });
        Assert.Contains("cannot be reached", (await away.TryAsync(away.Url("?iss=http://127.0.0.1:9/fhir&launch=x"))).Page, StringComparison.Ordinal);
    }

    private static void AssertGivenBack(OddLaunch launch)
    {
        Assert.StartsWith("refresh-", Assert.Single(launch.Server.Revoked), StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-", launch.Service.Log.Text, StringComparison.Ordinal);
    }

    private static async Task<int> SessionsAsync(OddLaunch launch)
    {
        await using var store = await launch.Service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        return await store.Set<StoredSession>().CountAsync(Cancellation);
    }
}
