using System.Net;
using FhirMg.Fhir.Tokens;
using FhirMg.Service.Sessions;
using FhirMg.Service.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Launch;

/// <summary>What somebody might try who wants another person's session, patient or token.</summary>
public sealed class AttackTests
{
    private const string Unknown = "This sign-in is not known";
    private const string Patient = "patient-5417";

    /// <summary>A header and what follows its dot: three letters alone stand by chance in what is encrypted.</summary>
    private const string Jwt = @"eyJ[\w-]*\.[\w-]";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("?code=c")]
    [InlineData("?code=c&state=")]
    [InlineData("?code=c&state=guessed")]
    [InlineData("?error=access_denied")]
    [InlineData("")]
    public async Task An_answer_without_a_state_of_ours_is_not_taken(string query)
    {
        await using var launch = await OddLaunch.StartAsync();
        var (session, page) = await launch.TryAsync(new(launch.Service.Url, $"{LaunchPaths.Callback}{query}"));
        Assert.Null(session);
        Assert.Contains(Unknown, page, StringComparison.Ordinal);
        Assert.Empty(launch.Server.TokenRequests);
    }

    [Fact]
    public async Task An_answer_serves_once()
    {
        await using var launch = await OddLaunch.StartAsync();
        var callback = await CallbackAsync(launch);
        var (session, _) = await launch.TryAsync(callback);
        var (again, page) = await launch.TryAsync(callback);
        Assert.NotNull(session);
        Assert.Null(again);
        Assert.Contains(Unknown, page, StringComparison.Ordinal);
        Assert.Single(launch.Server.TokenRequests);
        Assert.NotNull(await launch.Browser.SessionAsync(launch.Service, session.Handle));
    }

    [Fact]
    public async Task An_answer_sent_many_times_at_once_begins_one_session()
    {
        await using var launch = await OddLaunch.StartAsync();
        var callback = await CallbackAsync(launch);
        var cookies = launch.Browser.CookiesFor(callback);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, callback);
            request.Headers.TryAddWithoutValidation("Cookie", cookies);
            using var response = await http.SendAsync(request, Cancellation);
            return response.StatusCode;
        }));
        Assert.Single(answers, HttpStatusCode.Redirect);
        Assert.Single(launch.Server.TokenRequests);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_not_taken()
    {
        var time = new ShiftedTime();
        await using var launch = await OddLaunch.StartAsync(time: time);
        var callback = await CallbackAsync(launch);
        time.Shift = FhirMg.Service.Launch.PendingLaunches.Lifetime + TimeSpan.FromSeconds(1);
        Assert.Contains(Unknown, (await launch.TryAsync(callback)).Page, StringComparison.Ordinal);
        Assert.Empty(launch.Server.TokenRequests);
    }

    [Fact]
    public async Task Nobody_signs_a_victim_in_to_the_attackers_session()
    {
        await using var launch = await OddLaunch.StartAsync();
        var callback = await CallbackAsync(launch);
        using var victim = new Browser();

        using var page = await victim.GetAsync(callback);

        Assert.Contains(Unknown, await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(victim.Given);
        Assert.Empty(launch.Server.TokenRequests);
        Assert.NotNull((await launch.TryAsync(callback)).Session);
    }

    [Theory]
    [InlineData(false, "gave FhirMg no access")]
    [InlineData(true, "prove who has signed in")]
    public async Task A_code_of_another_launch_is_of_no_use(bool ignoresPkce, string says)
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.IgnoresPkce = ignoresPkce;
        var own = await CallbackAsync(launch);
        using var attacker = new Browser();
        var (stolen, _) = await attacker.FollowAsync(launch.EhrLaunch, LaunchPaths.Callback);

        var (session, page) = await launch.TryAsync(With(own, "code", Browser.Query(stolen)["code"]));

        Assert.Null(session);
        Assert.Contains(says, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_another_authorization_server_is_not_taken()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Back = url => $"{url}&iss={Uri.EscapeDataString("https://elsewhere.example")}";
        Assert.Contains(Unknown, (await launch.TryAsync()).Page, StringComparison.Ordinal);
        Assert.Empty(launch.Server.TokenRequests);
        launch.Server.Back = url => $"{url}&iss={Uri.EscapeDataString(launch.Server.Root)}";
        Assert.NotNull((await launch.TryAsync()).Session);
    }

    [Theory]
    [InlineData("https://elsewhere.example/fhir")]
    [InlineData("http://127.0.0.1@elsewhere.example/fhir")]
    [InlineData("http://user@HOST/fhir")]
    [InlineData("http://127.0.0.1:1/fhir")]
    [InlineData("http://HOST/fhir/evil")]
    [InlineData("http://HOST/FHIR")]
    [InlineData("http://HOST/fhir?x=1")]
    [InlineData("http://HOST/fhir#x")]
    [InlineData("https://HOST/fhir")]
    [InlineData("http://HOST.elsewhere.example/fhir")]
    [InlineData("//HOST/fhir")]
    [InlineData("/fhir")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://HOST/fhir\r\nX: y")]
    [InlineData("\ud800")]
    public async Task A_server_that_is_not_configured_is_never_asked(string iss)
    {
        await using var launch = await OddLaunch.StartAsync();
        var asked = 0;
        launch.Server.Configuration = configuration =>
        {
            asked++;
            return configuration;
        };
        var host = new Uri(launch.Server.Root).Authority;
        var (session, page) = await launch.TryAsync(launch.Url($"?iss={Uri.EscapeDataString(iss.Replace("HOST", host, StringComparison.Ordinal))}&launch=xyz"));
        Assert.Null(session);
        Assert.Contains("not set up for", page, StringComparison.Ordinal);
        Assert.Equal(0, asked);
        Assert.Empty(launch.Browser.Given);
    }

    [Fact]
    public async Task Upper_case_of_scheme_and_host_is_the_same_server_and_its_configured_name_goes_out()
    {
        await using var launch = await OddLaunch.StartAsync();
        var (session, _) = await launch.TryAsync(launch.Url($"?iss={Uri.EscapeDataString(launch.Server.Base.Replace("http://", "HTTP://", StringComparison.Ordinal))}&launch=xyz"));
        Assert.NotNull(session);
        Assert.Equal(launch.Server.Base, launch.Server.Authorizations.Last()["aud"]);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://elsewhere.example/authorize")]
    [InlineData("https://user:secret@elsewhere.example/authorize")]
    [InlineData("/authorize")]
    public async Task An_authorization_endpoint_that_is_no_protected_url_is_not_gone_to(string endpoint)
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Configuration = configuration =>
        {
            configuration["authorization_endpoint"] = endpoint;
            return configuration;
        };
        Assert.Contains("where to sign in", (await launch.TryAsync()).Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_parameter_of_any_endpoint_leads_elsewhere()
    {
        const string Evil = "https://elsewhere.example/";
        string[] names = ["redirect_uri", "redirect", "return_url", "returnUrl", "target_link_uri", "launch_uri", "next", "url", "response_mode", "aud", "client_id"];
        var extra = string.Concat(names.Select(name => $"&{name}={Uri.EscapeDataString(Evil)}"));
        await using var launch = await OddLaunch.StartAsync();
        var session = await launch.LaunchAsync();
        launch.Server.Back = url => url + extra;

        var (again, page) = await launch.TryAsync(new($"{launch.EhrLaunch}{extra}"));
        Assert.True(again is not null, page);
        var (renewed, _) = await launch.TryAsync(new(launch.Service.Url, $"{LaunchPaths.Reauthorize(session.Handle)}?x=y{extra}"));
        Assert.Equal(session.Handle, renewed!.Handle);
        using var signedOut = await launch.Browser.SendAsync(new(HttpMethod.Post, new Uri(launch.Service.Url, $"{LaunchPaths.SignOut(session.Handle)}?x=y{extra}")));
        Assert.Equal(HttpStatusCode.OK, signedOut.StatusCode);

        Assert.DoesNotContain(launch.Browser.Visited, url => url.Host == "elsewhere.example");
        Assert.All(launch.Server.Authorizations, request => Assert.StartsWith(launch.Service.Url.AbsoluteUri, request["redirect_uri"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cookie_set_beforehand_is_not_taken_over()
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Browser.Plant(launch.Service.Url, "/", "fhirmg", "planted");
        launch.Browser.Plant(launch.Service.Url, "/app", "fhirmg", "planted");

        var session = await launch.LaunchAsync();

        Assert.NotEqual("planted", launch.Browser.Given.Last(cookie => cookie.Path == LaunchPaths.App(session.Handle)).Value);
        using var attacker = new Browser();
        attacker.Plant(launch.Service.Url, "/", "fhirmg", "planted");
        Assert.Null(await attacker.SessionAsync(launch.Service, session.Handle));
    }

    [Fact]
    public async Task A_handle_is_worth_nothing_without_its_own_cookie()
    {
        await using var launch = await OddLaunch.StartAsync();
        var (one, other) = (await launch.LaunchAsync(), await launch.LaunchAsync());
        using var stranger = new Browser();
        Assert.Null(await stranger.SessionAsync(launch.Service, one.Handle));

        // The cookie of one session sent with the handle of another.
        var cookie = launch.Browser.CookiesFor(new(launch.Service.Url, LaunchPaths.App(one.Handle)));
        stranger.Plant(launch.Service.Url, "/app", cookie.Split('=')[0], cookie.Split('=', 2)[1]);
        Assert.Null(await stranger.SessionAsync(launch.Service, other.Handle));
        Assert.NotNull(await stranger.SessionAsync(launch.Service, one.Handle));
        foreach (var path in (string[])[LaunchPaths.Reauthorize(other.Handle), LaunchPaths.Reauthorize("x"), LaunchPaths.Reauthorize(new('a', 43))])
        {
            using var page = await stranger.GetAsync(new(launch.Service.Url, path));
            Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        }

        await stranger.SendAsync(new(HttpMethod.Post, new Uri(launch.Service.Url, LaunchPaths.SignOut(other.Handle))));
        Assert.NotNull(await launch.Browser.SessionAsync(launch.Service, other.Handle));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task Another_sites_form_does_not_sign_out(string header, string value)
    {
        await using var launch = await OddLaunch.StartAsync();
        var session = await launch.LaunchAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(launch.Service.Url, LaunchPaths.SignOut(session.Handle)));
        request.Headers.Add(header, value);
        using var page = await launch.Browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.NotNull(await launch.Browser.SessionAsync(launch.Service, session.Handle));
    }

    [Fact]
    public async Task The_cookies_are_out_of_reach_of_scripts_and_sent_to_their_own_path_only()
    {
        await using var launch = await OddLaunch.StartAsync();
        var session = await launch.LaunchAsync();
        var given = launch.Browser.Given.Where(cookie => cookie.MaxAge > TimeSpan.Zero).ToList();
        Assert.Equal([LaunchPaths.Callback, LaunchPaths.App(session.Handle)], given.Select(cookie => cookie.Path.ToString()));
        Assert.All(given, cookie =>
        {
            Assert.True(cookie is { HttpOnly: true, Secure: true, SameSite: Microsoft.Net.Http.Headers.SameSiteMode.None });
            Assert.Contains("Partitioned", cookie.Extensions.Select(extension => extension.ToString()));
            Assert.False(cookie.Domain.HasValue);
            Assert.Equal(43, cookie.Value.Length);
        });
    }

    [Theory]
    [InlineData("https://mg.example/fhirmg", "__Secure-fhirmg", "/fhirmg/smart/callback", true)]
    [InlineData("http://localhost:5080", "fhirmg", "/smart/callback", true)]
    [InlineData("http://intranet.example:5080", "fhirmg", "/smart/callback", false)]
    public async Task Cookies_are_as_the_public_address_allows(string address, string name, string path, bool secure)
    {
        await using var launch = await OddLaunch.StartAsync(new Dictionary<string, string?> { ["/PublicUrl"] = address });
        using var response = await launch.Browser.GetAsync(launch.EhrLaunch);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var cookie = Assert.Single(launch.Browser.Given);
        Assert.StartsWith($"{name}-", cookie.Name.ToString(), StringComparison.Ordinal);
        Assert.Equal((path, secure), (cookie.Path.ToString(), cookie.Secure));
        Assert.Equal($"{address}{LaunchPaths.Callback}", Browser.Query(response.Headers.Location!)["redirect_uri"]);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    public async Task What_a_server_says_is_shown_as_text(string said)
    {
        await using var launch = await OddLaunch.StartAsync();
        launch.Server.Refuse = _ => ("access_denied", said);
        var (_, page) = await launch.TryAsync();
        Assert.DoesNotContain(said, page, StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode(said), page, StringComparison.Ordinal);
        launch.Server.Refuse = _ => (said, null);
        (_, page) = await launch.TryAsync();
        Assert.DoesNotContain(said, page, StringComparison.Ordinal);
        Assert.DoesNotContain(said, launch.Service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_of_a_page()
    {
        await using var launch = await OddLaunch.StartAsync(new Dictionary<string, string?> { ["/FrameAncestors:0"] = "https://ehr.example" });
        var session = await launch.LaunchAsync();
        Uri[] all =
        [
            launch.EhrLaunch, launch.Url("?iss=x"), new(launch.Service.Url, LaunchPaths.Callback), new(launch.Service.Url, LaunchPaths.Reauthorize(session.Handle)),
            new(launch.Service.Url, LaunchPaths.Reauthorize("x")), await CallbackAsync(launch),
        ];
        foreach (var url in all)
        {
            using var response = await launch.Browser.GetAsync(url);
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.True(response.Headers.CacheControl!.NoStore);
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'self' https://ehr.example", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("iss", 400)]
    [InlineData("launch", 400)]
    public async Task Parameters_that_are_huge_or_given_twice_are_refused(string name, int status)
    {
        await using var launch = await OddLaunch.StartAsync();
        using var huge = await launch.Browser.GetAsync(new(launch.Service.Url, $"{LaunchPaths.Launch}?{name}={new string('a', 5000)}"));
        Assert.Equal(status, (int)huge.StatusCode);
        using var larger = await launch.Browser.GetAsync(new(launch.Service.Url, $"{LaunchPaths.Launch}?{name}={new string('a', 20_000)}"));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, larger.StatusCode);
        using var twice = await launch.Browser.GetAsync(new($"{launch.EhrLaunch}&{name}=other"));
        Assert.Equal(status, (int)twice.StatusCode);
        Assert.Empty(launch.Browser.Given);
    }

    [Fact]
    public async Task No_secret_and_no_patient_is_in_a_log_a_url_of_ours_or_a_page_and_the_store_holds_them_encrypted()
    {
        const string Secret = "the-clients-own-secret";
        await using var launch = await OddLaunch.StartAsync(new Dictionary<string, string?> { ["ClientSecret"] = Secret });
        launch.Server.Answer = answer => answer["patient"] = Patient;
        var session = await launch.LaunchAsync();
        await launch.Sessions.SaveAsync(session, "en", $"draft about {Patient}", Cancellation);
        await launch.Sessions.RenewAsync(session, await launch.TokenAsync(session), Cancellation);
        launch.Server.Token = form => Microsoft.AspNetCore.Http.Results.Text($"you sent {string.Join(' ', form.Values)} about {Patient}", statusCode: 400);
        await Assert.ThrowsAsync<ReauthorizationException>(async () => await launch.Sessions.RenewAsync(session, await launch.TokenAsync(session), Cancellation));
        var (_, page) = await launch.TryAsync();
        launch.Server.Token = _ => null;
        launch.Server.Identity = (_, _) => "eyJ-a.bad.token";
        var (_, other) = await launch.TryAsync();

        Assert.NotNull(page);
        Assert.NotNull(other);
        List<string> secrets = [Secret, Patient, "access-", "refresh-", "eyJ-a.bad.token", "draft about"];
        secrets.AddRange(launch.Server.Authorizations.SelectMany(request => (string[])[request["state"], request["nonce"], request["code_challenge"]]));
        secrets.AddRange(launch.Server.TokenRequests.SelectMany(request => request).Where(pair => pair.Key is "code" or "code_verifier" or "authorization" or "refresh_token").Select(pair => pair.Value));
        secrets.AddRange(launch.Browser.Given.Select(cookie => cookie.Value.ToString()).Where(value => value.Length > 0));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, launch.Service.Log.Text, StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, page + other, StringComparison.Ordinal));
        Assert.DoesNotMatch(Jwt, launch.Service.Log.Text + page + other);
        Assert.DoesNotContain(launch.Browser.Visited.Where(url => url.Authority == launch.Service.Url.Authority), url => url.OriginalString.Contains(Patient, StringComparison.Ordinal)
            || url.OriginalString.Contains("access-", StringComparison.Ordinal) || url.OriginalString.Contains("refresh-", StringComparison.Ordinal));

        await using var store = await launch.Service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        var rows = await store.Set<StoredSession>().AsNoTracking().ToListAsync(Cancellation);
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.All(secrets, secret => Assert.DoesNotContain(secret, $"{row.Handle} {row.Cookie} {row.Patient} {row.Context} {row.Tokens} {row.Page}", StringComparison.Ordinal)));
        Assert.All(rows, row => Assert.DoesNotMatch(Jwt, $"{row.Context} {row.Tokens} {row.Page}"));
    }

    [Fact]
    public async Task What_is_encrypted_for_one_session_is_of_no_use_in_another()
    {
        await using var launch = await OddLaunch.StartAsync();
        var (one, other) = (await launch.LaunchAsync(), await launch.LaunchAsync());
        await using var store = await launch.Service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation);
        var tokens = await store.Set<StoredSession>().Where(row => row.Handle == one.Handle).Select(row => row.Tokens).SingleAsync(Cancellation);
        await store.Set<StoredSession>().Where(row => row.Handle == other.Handle).ExecuteUpdateAsync(row => row.SetProperty(session => session.Tokens, tokens), Cancellation);
        await Assert.ThrowsAsync<ReauthorizationException>(() => launch.TokenAsync(other));
        Assert.NotNull(await launch.TokenAsync(one));
    }

    [Fact]
    public async Task A_draft_that_is_too_long_is_refused_and_the_one_before_stays()
    {
        await using var launch = await OddLaunch.StartAsync();
        var session = await launch.LaunchAsync();
        await launch.Sessions.SaveAsync(session, null, new('a', AppSessions.LongestDraft), Cancellation);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => launch.Sessions.SaveAsync(session, null, new('a', AppSessions.LongestDraft + 1), Cancellation));
        Assert.Equal(AppSessions.LongestDraft, (await launch.Browser.SessionAsync(launch.Service, session.Handle))!.Draft!.Length);
    }

    private static async Task<Uri> CallbackAsync(OddLaunch launch)
    {
        var (callback, page) = await launch.Browser.FollowAsync(launch.EhrLaunch, LaunchPaths.Callback);
        Assert.Null(page);
        return callback;
    }

    private static Uri With(Uri url, string name, string value)
    {
        var query = Browser.Query(url);
        query[name] = value;
        return new(Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(url.GetLeftPart(UriPartial.Path), query!));
    }
}
