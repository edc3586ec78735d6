using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Chromium = FhirMg.Browsing.Browser;

namespace FhirMg.Service.Tests.Launch;

/// <summary>Launches in frames of an EHR on another site, in Chromium, which is told to keep cookies of other sites apart (or to refuse them).</summary>
public sealed class FrameTests
{
    private const float PatienceMs = 120_000;
    private static readonly string[] Apart = ["--test-third-party-cookie-phaseout"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_patients_in_two_frames_of_another_site_each_have_their_session(bool apart)
    {
        // The frames are of 127.0.0.1, the page around them is of localhost: two sites.
        await using var hospital = await LaunchedHospital.StartAsync(options: new() { RequireToken = true, Host = "localhost" }, whole: new Dictionary<string, string?> { ["FrameAncestors:0"] = "http://localhost:*" });
        await using var chromium = new Chromium { Arguments = apart ? Apart : [] };
        await using var context = await chromium.OpenAsync();
        context.SetDefaultNavigationTimeout(PatienceMs);
        var page = await context.NewPageAsync();
        var answers = new ConcurrentQueue<int>();
        page.Response += (_, response) =>
        {
            if (new Uri(response.Url).AbsolutePath is var path && path.StartsWith("/app/", StringComparison.Ordinal) && !path.StartsWith("/app/assets", StringComparison.Ordinal))
            {
                answers.Enqueue(response.Status);
            }
        };
        var patients = hospital.Sandbox.Patients.Take(2).ToList();
        await using var ehr = await ChartAsync(patients.Select(patient => hospital.LaunchUrl(patient)));

        await page.GotoAsync($"http://localhost:{new Uri(ehr.Urls.First()).Port}/", new() { WaitUntil = WaitUntilState.Commit });

        var found = new List<string?>();
        await page.Locator("iframe").Nth(patients.Count - 1).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        foreach (var element in await page.Locator("iframe").ElementHandlesAsync())
        {
            var frame = (await element.ContentFrameAsync())!;
            try
            {
                await frame.WaitForURLAsync("**/app/*");
            }
            catch (TimeoutException)
            {
                Assert.Fail($"{frame.Url} {await frame.ContentAsync()} {string.Join('\n', hospital.Service.Log.Lines.Where(line => line.Contains("does not go on", StringComparison.Ordinal)))}");
            }

            var url = new Uri(frame.Url);
            Assert.Equal(hospital.Service.Url.Authority, url.Authority);
            var cookie = Assert.Single(await context.CookiesAsync([frame.Url]), one => one.Path == url.AbsolutePath);
            Assert.True(cookie is { HttpOnly: true, Secure: true, SameSite: SameSiteAttribute.None });

            // What the browser sends along is what the session is found by.
            using var asSent = new Browser();
            asSent.Plant(hospital.Service.Url, url.AbsolutePath, cookie.Name, cookie.Value);
            found.Add((await asSent.SessionAsync(hospital.Service, LaunchedHospital.HandleOf(url)))?.Patient);
        }

        Assert.Equal([200, 200], answers);
        Assert.Equal<string?>(patients, found);
    }

    private static async Task<WebApplication> ChartAsync(IEnumerable<Uri> launches)
    {
        var frames = string.Concat(launches.Select(url => $"<iframe src=\"{WebUtility.HtmlEncode(url.AbsoluteUri)}\"></iframe>"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.MapGet("/", () => Results.Text($"<!DOCTYPE html><title>EHR</title>{frames}", "text/html"));
        await application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }
}
