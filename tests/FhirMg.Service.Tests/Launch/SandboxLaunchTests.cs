using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using FhirMg.Fhir.Tokens;
using FhirMg.Sandbox.Authorization;
using FhirMg.Service.Access;
using FhirMg.Service.Sessions;
using FhirMg.Service.Store;
using FhirMg.Service.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Launch;

/// <summary>Launches against the sandbox's authorization server, by real HTTP.</summary>
public sealed class SandboxLaunchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("launch-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("public")]
    [InlineData("secret")]
    [InlineData("ES384")]
    [InlineData("RS384")]
    public async Task An_EHR_launch_by_each_kind_of_client_ends_at_a_session_about_the_chart(string kind)
    {
        await using var hospital = await LaunchedHospital.StartAsync(Client(kind));
        using var browser = new Browser();

        var handle = await hospital.LaunchAsync(browser, context: new(hospital.Patient, LaunchedHospital.Clinician, "e1", "order-review", NeedPatientBanner: false));

        var session = await browser.SessionAsync(hospital.Service, handle);
        Assert.NotNull(session);
        Assert.Equal(hospital.Patient, session.Patient);
        Assert.Equal("e1", session.Encounter);
        Assert.Equal("Practitioner/petrova", session.User);
        Assert.Equal("order-review", session.Intent);
        Assert.False(session.NeedsPatientBanner);
        Assert.Equal("hospital", session.Server);
        Assert.EndsWith("smart-style.json", session.StyleUrl!.AbsoluteUri, StringComparison.Ordinal);
        await AssertReadsAsync(hospital, session);
    }

    [Fact]
    public async Task The_authorization_request_holds_what_SMART_wants_of_it()
    {
        await using var hospital = await LaunchedHospital.StartAsync();
        using var browser = new Browser();

        var (url, _) = await browser.FollowAsync(hospital.LaunchUrl(), "/auth/authorize");

        var query = Browser.Query(url);
        Assert.Equal("code", query["response_type"]);
        Assert.Equal("fhirmg-public", query["client_id"]);
        Assert.Equal(new Uri(hospital.Service.Url, "/smart/callback").AbsoluteUri, query["redirect_uri"]);
        Assert.Equal(hospital.Sandbox.FhirBase.AbsoluteUri, query["aud"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.Equal(43, query["code_challenge"].Length);
        Assert.Equal(43, query["state"].Length);
        Assert.NotEmpty(query["launch"]);
        var scopes = query["scope"].Split(' ');
        Assert.Superset(new HashSet<string> { "openid", "fhirUser", "launch", "online_access", "patient/Observation.rs", "patient/MedicationRequest.crus" }, scopes.ToHashSet());
        Assert.DoesNotContain(scopes, scope => scope.StartsWith("system/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_standalone_launch_lets_the_person_choose_the_patient()
    {
        await using var hospital = await LaunchedHospital.StartAsync();
        using var browser = new Browser();
        var patient = hospital.Sandbox.Patients[1];

        var (authorize, _) = await browser.FollowAsync(new(hospital.Service.Url, "/smart/launch"), "/auth/authorize");
        Assert.Contains("launch/patient", Browser.Query(authorize)["scope"].Split(' '));
        var (url, _) = await browser.FollowAsync(await ConsentAsync(browser, authorize, patient), "/app/");

        var session = await browser.SessionAsync(hospital.Service, LaunchedHospital.HandleOf(url));
        Assert.Equal(patient, session!.Patient);
    }

    [Fact]
    public async Task Two_launches_of_one_browser_stay_apart()
    {
        await using var hospital = await LaunchedHospital.StartAsync();
        using var browser = new Browser();
        var (one, other) = (hospital.Sandbox.Patients[0], hospital.Sandbox.Patients[1]);

        // Both are under way at once, and come back in the other order.
        var (authorizeOne, _) = await browser.FollowAsync(hospital.LaunchUrl(one), "/auth/authorize");
        var (authorizeOther, _) = await browser.FollowAsync(hospital.LaunchUrl(other), "/auth/authorize");
        var (pageOther, _) = await browser.FollowAsync(authorizeOther, "/app/");
        var (pageOne, _) = await browser.FollowAsync(authorizeOne, "/app/");

        Assert.Equal(one, (await browser.SessionAsync(hospital.Service, LaunchedHospital.HandleOf(pageOne)))!.Patient);
        Assert.Equal(other, (await browser.SessionAsync(hospital.Service, LaunchedHospital.HandleOf(pageOther)))!.Patient);
    }

    [Fact]
    public async Task Authorization_on_another_host_than_FHIR_makes_no_difference()
    {
        await using var hospital = await LaunchedHospital.StartAsync(options: new() { RequireToken = true, AuthorizationPort = 0 });
        using var browser = new Browser();

        var session = await browser.SessionAsync(hospital.Service, await hospital.LaunchAsync(browser));

        Assert.NotEqual(hospital.Sandbox.Issuer.Port, hospital.Sandbox.FhirBase.Port);
        Assert.Equal("Practitioner/petrova", session!.User);
        await AssertReadsAsync(hospital, session);
    }

    [Fact]
    public async Task A_token_about_to_end_is_renewed_and_a_refused_one_once()
    {
        var time = new ShiftedTime();
        await using var hospital = await LaunchedHospital.StartAsync(time: time);
        using var browser = new Browser();
        var session = await browser.SessionAsync(hospital.Service, await hospital.LaunchAsync(browser));
        var sessions = hospital.Service.Services.GetRequiredService<AppSessions>();

        var first = await sessions.TokenAsync(session!, Cancellation);
        Assert.True(first.Is(await sessions.TokenAsync(session!, Cancellation)));
        time.Shift = TimeSpan.FromMinutes(9.5);
        var second = await sessions.TokenAsync(session!, Cancellation);
        Assert.False(first.Is(second));
        var third = await sessions.RenewAsync(session!, second, Cancellation);
        Assert.False(second.Is(third));
        Assert.True(third.Is(await sessions.RenewAsync(session!, second, Cancellation)), "the refused one was renewed already");
        await AssertReadsAsync(hospital, session!);
    }

    [Fact]
    public async Task Authorizing_again_keeps_the_draft_for_the_same_person_and_patient()
    {
        await using var hospital = await LaunchedHospital.StartAsync();
        using var browser = new Browser();
        var handle = await hospital.LaunchAsync(browser);
        var sessions = hospital.Service.Services.GetRequiredService<AppSessions>();
        var session = (await browser.SessionAsync(hospital.Service, handle))!;
        var before = await sessions.TokenAsync(session, Cancellation);
        await sessions.SaveAsync(session, "ru", "cramps=yes", Cancellation);

        var (authorize, _) = await browser.FollowAsync(new(hospital.Service.Url, LaunchPaths.Reauthorize(handle)), "/auth/authorize");
        var (url, _) = await browser.FollowAsync(await ConsentAsync(browser, authorize, hospital.Patient), "/app/");

        Assert.Equal(handle, LaunchedHospital.HandleOf(url));
        var after = (await browser.SessionAsync(hospital.Service, handle))!;
        Assert.Equal(("ru", "cramps=yes"), (after.Language, after.Draft));
        Assert.False(before.Is(await sessions.TokenAsync(after, Cancellation)));
    }

    [Theory]
    [InlineData(1, "petrova")]
    [InlineData(0, "brown")]
    public async Task Authorizing_again_for_another_patient_or_as_another_person_begins_a_new_session(int patient, string clinician)
    {
        await using var hospital = await LaunchedHospital.StartAsync();
        using var browser = new Browser();
        var handle = await hospital.LaunchAsync(browser);
        var sessions = hospital.Service.Services.GetRequiredService<AppSessions>();
        await sessions.SaveAsync((await browser.SessionAsync(hospital.Service, handle))!, null, "cramps=yes", Cancellation);

        var (authorize, _) = await browser.FollowAsync(new(hospital.Service.Url, LaunchPaths.Reauthorize(handle)), "/auth/authorize");
        var (url, _) = await browser.FollowAsync(await ConsentAsync(browser, authorize, hospital.Sandbox.Patients[patient], clinician), "/app/");

        Assert.NotEqual(handle, LaunchedHospital.HandleOf(url));
        var session = (await browser.SessionAsync(hospital.Service, LaunchedHospital.HandleOf(url)))!;
        Assert.Equal((hospital.Sandbox.Patients[patient], $"Practitioner/{clinician}"), (session.Patient, session.User));
        Assert.Null(session.Draft);

        // The session of the person before is over; one's own about another patient is not.
        Assert.Equal(clinician == LaunchedHospital.Clinician, await browser.SessionAsync(hospital.Service, handle) is not null);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_its_cookie_and_its_refresh_token()
    {
        await using var hospital = await LaunchedHospital.StartAsync();
        using var browser = new Browser();
        var handle = await hospital.LaunchAsync(browser);
        var session = (await browser.SessionAsync(hospital.Service, handle))!;

        using var page = await browser.SendAsync(new(HttpMethod.Post, new Uri(hospital.Service.Url, LaunchPaths.SignOut(handle))));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("signed out", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("", browser.CookiesFor(new(hospital.Service.Url, LaunchPaths.App(handle))));
        Assert.Null(await browser.SessionAsync(hospital.Service, handle));
        await Assert.ThrowsAsync<ReauthorizationException>(() => hospital.Service.Services.GetRequiredService<AppSessions>().TokenAsync(session, Cancellation));
        Assert.Contains("refresh token given back: True", hospital.Service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_key_is_published_beside_the_one_before_and_launches_go_on()
    {
        var path = Path.Combine(_folder, "key.pem");
        await File.WriteAllTextAsync(path, NewKey("ES384"), Cancellation);
        await using var hospital = await LaunchedHospital.StartAsync(new Dictionary<string, string?> { ["ClientId"] = "fhirmg", ["PrivateKeyPath"] = path });
        using var browser = new Browser();
        await hospital.LaunchAsync(browser);
        var before = await KeyIdsAsync(hospital);

        await File.WriteAllTextAsync(path, NewKey("ES384"), Cancellation);
        var after = await KeyIdsAsync(hospital);
        await hospital.LaunchAsync(browser);

        Assert.Single(before);
        Assert.Equal(2, after.Count);
        Assert.Contains(before[0], after);
    }

    [Fact]
    public async Task A_launch_is_in_the_access_log_with_who_and_whom()
    {
        await using var hospital = await LaunchedHospital.StartAsync();
        using var browser = new Browser();
        await hospital.LaunchAsync(browser);

        await using var store = await hospital.Service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        AccessEntry? entry = null;
        for (var i = 0; i < 100 && entry is null; i++)
        {
            await Task.Delay(50, Cancellation);
            entry = await store.Set<AccessEntry>().SingleOrDefaultAsync(one => one.Operation == "smart-launch", Cancellation);
        }

        Assert.Equal(("hospital", $"Patient/{hospital.Patient}", "Practitioner/petrova", "fhirmg-public"), (entry!.Server, entry.Patient, entry.User, entry.Client));
    }

    [Fact]
    public async Task Erasing_a_patient_erases_their_sessions_and_no_others()
    {
        await using var hospital = await LaunchedHospital.StartAsync();
        using var browser = new Browser();
        var (gone, kept) = (await hospital.LaunchAsync(browser, hospital.Sandbox.Patients[0]), await hospital.LaunchAsync(browser, hospital.Sandbox.Patients[1]));

        await hospital.Service.Services.GetRequiredService<Erasure>().ErasePatientAsync("hospital", $"Patient/{hospital.Sandbox.Patients[0]}", Cancellation);

        Assert.Null(await browser.SessionAsync(hospital.Service, gone));
        Assert.NotNull(await browser.SessionAsync(hospital.Service, kept));
    }

    [Fact]
    public async Task A_session_ends_after_a_working_day_and_its_row_is_erased()
    {
        var time = new ShiftedTime();
        await using var hospital = await LaunchedHospital.StartAsync(time: time);
        using var browser = new Browser();
        var handle = await hospital.LaunchAsync(browser);

        time.Shift = AppSessions.Lifetime - TimeSpan.FromMinutes(1);
        Assert.NotNull(await browser.SessionAsync(hospital.Service, handle));
        time.Shift = AppSessions.Lifetime + TimeSpan.FromMinutes(1);
        Assert.Null(await browser.SessionAsync(hospital.Service, handle));
        var now = time.GetUtcNow();
        Assert.True(await hospital.Service.Services.GetRequiredService<Erasure>().EraseOldAsync(now.AddDays(-365), now, Cancellation) > 0);
    }

    /// <summary>Answers the sandbox's consent page: grants all that is asked for.</summary>
    internal static async Task<Uri> ConsentAsync(Browser browser, Uri authorize, string patient, string clinician = LaunchedHospital.Clinician)
    {
        var query = Browser.Query(authorize);
        using var form = new FormUrlEncodedContent(query.Concat(
        [
            new("decision", "allow"), new("clinician", clinician), new("patient", patient), .. query["scope"].Split(' ').Select(scope => KeyValuePair.Create("grant", scope)),
        ]));
        using var response = await browser.SendAsync(new(HttpMethod.Post, authorize.GetLeftPart(UriPartial.Path)) { Content = form });
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location!;
    }

    private static async Task AssertReadsAsync(LaunchedHospital hospital, AppSession session)
    {
        var token = await hospital.Service.Services.GetRequiredService<AppSessions>().TokenAsync(session, Cancellation);
        var server = hospital.Service.Services.GetRequiredService<TenantRegistry>().Find(session.Server)!.Server;
        Assert.Equal(HttpStatusCode.OK, (await server.As(token).GetAsync($"Patient/{session.Patient}", Cancellation)).Status);
        Assert.True(token.Granted.Allows("Observation", Permission.Read | Permission.Search));
    }

    private static async Task<List<string>> KeyIdsAsync(LaunchedHospital hospital)
    {
        using var response = await hospital.Service.Http.GetAsync(new Uri(LaunchPaths.Keys, UriKind.Relative), Cancellation);
        Assert.True(response.Headers.CacheControl!.Public);
        var set = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.All(set.GetProperty("keys").EnumerateArray(), key => Assert.False(key.TryGetProperty("d", out _) || key.TryGetProperty("p", out _)));
        return [.. set.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private Dictionary<string, string?> Client(string kind)
    {
        switch (kind)
        {
            case "public":
                return new() { ["ClientId"] = "fhirmg-public" };
            case "secret":
                return new() { ["ClientId"] = "fhirmg-secret", ["ClientSecret"] = "fhirmg-demo-secret" };
            default:
                var path = Path.Combine(_folder, "key.pem");
                File.WriteAllText(path, NewKey(kind));
                return new() { ["ClientId"] = "fhirmg", ["PrivateKeyPath"] = path };
        }
    }

    private static string NewKey(string kind)
    {
        if (kind == "RS384")
        {
            using var rsa = RSA.Create(2048);
            return rsa.ExportPkcs8PrivateKeyPem();
        }

        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        return curve.ExportPkcs8PrivateKeyPem();
    }
}
