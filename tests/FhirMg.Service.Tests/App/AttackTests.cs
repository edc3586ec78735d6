using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirMg.Browsing;
using FhirMg.Sandbox;
using FhirMg.Service.Access;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace FhirMg.Service.Tests.App;

/// <summary>What an attacker may try at the page: to write through somebody's browser, and to get words of a server to run.</summary>
public sealed partial class AttackTests(Browser browser) : IClassFixture<Browser>
{
    private const string Evil = "\"'><img src=x onerror=window.hacked=1><script>window.hacked=1</script>{{7*7}}";

    [Fact]
    public async Task A_form_without_the_pages_own_token_writes_nothing()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var first = await hospital.LaunchAsync(context);
        var second = await hospital.LaunchAsync(context, "adult-severe-urgent-review-p1");
        var fields = await FieldsAsync(first);
        var foreign = (await FieldsAsync(second))["form-token"];

        foreach (var (token, site) in new[] { (null, "same-origin"), ("", "same-origin"), ("x", "same-origin"), (foreign, "same-origin"), (fields["form-token"], "cross-site"), (fields["form-token"], "same-site"), (fields["form-token"], "none") })
        {
            var form = context.APIRequest.CreateFormData();
            foreach (var (name, value) in fields.Where(field => field.Key != "form-token"))
            {
                form.Set(name, value);
            }

            if (token is not null)
            {
                form.Set("form-token", token);
            }

            foreach (var path in new[] { "decision", "answers", "language" })
            {
                // The browser's cookies go along.
                var response = await context.APIRequest.PostAsync($"{first.Url}/{path}", new() { Form = form, Headers = [new("Sec-Fetch-Site", site)], MaxRedirects = 0 });
                Assert.Equal(403, response.Status);
            }
        }

        Assert.DoesNotContain(await hospital.HeldAsync("MedicationRequest"), one => one.ToJsonString().Contains("identifier/proposal", StringComparison.Ordinal));
        Assert.Empty(await hospital.HeldAsync("QuestionnaireResponse"));
    }

    [Fact]
    public async Task Without_the_cookie_there_is_neither_page_nor_form()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        await using var other = await browser.OpenAsync();
        var page = await hospital.LaunchAsync(context);
        var fields = await FieldsAsync(page);

        var form = other.APIRequest.CreateFormData();
        foreach (var (name, value) in fields)
        {
            form.Set(name, value);
        }

        Assert.Equal(401, (await other.APIRequest.GetAsync(page.Url)).Status);
        Assert.Equal(401, (await other.APIRequest.PostAsync($"{page.Url}/decision", new() { Form = form, Headers = [new("Sec-Fetch-Site", "same-origin")] })).Status);
        Assert.DoesNotContain(await hospital.HeldAsync("MedicationRequest"), one => one.ToJsonString().Contains("identifier/proposal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_word_of_a_server_runs()
    {
        var folder = Directory.CreateTempSubdirectory("fhirmg-evil-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "evil.json"), Bundle().ToJsonString(), TestContext.Current.CancellationToken);
        await using var hospital = await AppHospital.StartAsync(new() { Samples = folder.FullName });
        folder.Delete(recursive: true);
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        page.Dialog += (_, dialog) => Assert.Fail(dialog.Message);
        await page.GotoAsync(hospital.LaunchUrl(hospital.Sandbox.Patients[0]).AbsoluteUri);

        await Assertions.Expect(page.Locator(".banner")).ToContainTextAsync(Evil);
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(details => { details.open = true; })");
        Assert.True(await page.GetByText("onerror=").CountAsync() >= 3);
        Assert.False(await page.EvaluateAsync<bool>("'hacked' in window"));
        Assert.Equal(0, await page.Locator("main img, main script").CountAsync());

        // What a person types comes back as they typed it.
        var form = page.Locator("#rule-RX-1 form").Filter(new() { Has = page.Locator("select") });
        await form.Locator("select").SelectOptionAsync("disagree");
        await form.Locator("input[name=comment]").FillAsync(Evil);
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator("#rule-RX-1 .state")).ToContainTextAsync(Evil);
        Assert.False(await page.EvaluateAsync<bool>("'hacked' in window"));
    }

    [Fact]
    public async Task Nothing_secret_and_nothing_of_the_patient_is_in_addresses_storage_or_logs_and_no_script_stands_in_the_page()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        var visited = new List<string>();
        page.Request += (_, request) => visited.Add(request.Url);
        var response = (await page.GotoAsync(hospital.LaunchUrl(AppHospital.Mild).AbsoluteUri))!;
        var html = await response.TextAsync();

        Assert.DoesNotMatch(Jwt(), html);
        Assert.DoesNotMatch(Inline(), html);
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));
        Assert.Equal("", await page.EvaluateAsync<string>("document.cookie"));
        var policy = response.Headers["content-security-policy"];
        Assert.Contains("default-src 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Contains($"frame-ancestors 'self' {hospital.Sandbox.EhrPage.GetLeftPart(UriPartial.Authority)}", policy);
        Assert.Equal("no-store", response.Headers["cache-control"]);
        Assert.Equal("no-referrer", response.Headers["referrer-policy"]);
        var own = visited.Where(url => url.StartsWith(hospital.Service.Url.AbsoluteUri, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(own);
        Assert.All(own, url => Assert.DoesNotContain(AppHospital.Mild, url));
        Assert.DoesNotContain("Sokolova", hospital.Service.Log.Text);
        Assert.DoesNotMatch(Jwt(), hospital.Service.Log.Text);
    }

    [Fact]
    public async Task Who_looked_and_who_decided_is_in_the_access_log()
    {
        await using var hospital = await AppHospital.StartAsync();
        await using var context = await browser.OpenAsync();
        var page = await hospital.LaunchAsync(context);
        await page.Locator("#rule-RX-1 input[name=dose-confirmed]").CheckAsync();
        await page.Locator("#rule-RX-1 form button").First.ClickAsync();
        await Assertions.Expect(page.Locator("#rule-RX-1 .state")).ToBeVisibleAsync();

        await using var store = await hospital.Service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 100 && await store.Set<AccessEntry>().CountAsync(entry => entry.Operation == "app", TestContext.Current.CancellationToken) < 2; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        var entries = await store.Set<AccessEntry>().AsNoTracking().Where(entry => entry.Operation.StartsWith("app")).ToListAsync(TestContext.Current.CancellationToken);
        Assert.All(entries, entry => Assert.Equal(($"Patient/{AppHospital.Mild}", "Practitioner/petrova", "hospital"), (entry.Patient, entry.User, entry.Server)));
        Assert.Contains(entries, entry => entry is { Operation: "app accept", Rules: "RX-1", Status: (int)HttpStatusCode.OK });
        Assert.Contains(entries, entry => entry.Operation == "app" && entry.Rules.Contains("DEF-1", StringComparison.Ordinal));
    }

    private static async Task<Dictionary<string, string>> FieldsAsync(IPage page) => await page.Locator("#rule-RX-1 form").First.EvaluateAsync<Dictionary<string, string>>(
        "form => ({ ...Object.fromEntries(new FormData(form)), 'dose-confirmed': 'yes', dose: '1' })");

    private static JsonObject Bundle()
    {
        static JsonObject Resource(string type, string id, JsonObject more)
        {
            more["resourceType"] = type;
            more["id"] = id;
            if (type != "Patient")
            {
                more["subject"] = new JsonObject { ["reference"] = "Patient/e1" };
            }

            return new() { ["fullUrl"] = $"https://elsewhere.example/{type}/{id}", ["resource"] = more };
        }

        static JsonObject Coding(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code, ["display"] = Evil }), ["text"] = Evil };
        return new()
        {
            ["resourceType"] = "Bundle",
            ["type"] = "collection",
            ["entry"] = new JsonArray(
                Resource("Patient", "e1", new() { ["name"] = new JsonArray(new JsonObject { ["text"] = Evil }), ["birthDate"] = "1980-01-01", ["gender"] = "female" }),
                Resource("Condition", "c1", new() { ["code"] = Coding("http://hl7.org/fhir/sid/icd-10", "G43.0") }),
                Resource("Condition", "c2", new() { ["code"] = Coding("http://hl7.org/fhir/sid/icd-10", "R25.2") }),
                Resource("MedicationRequest", "m1", new() { ["status"] = "active", ["intent"] = "order", ["medicationCodeableConcept"] = Coding("http://www.whocc.no/atc", "H03AA01") }),
                Resource("Observation", "o1", new()
                {
                    ["status"] = "final",
                    ["code"] = Coding("http://loinc.org", "2601-3"),
                    ["effectiveDateTime"] = "2026-11-01",
                    ["valueQuantity"] = new JsonObject { ["value"] = 0.6, ["unit"] = "mmol/L", ["system"] = "http://unitsofmeasure.org", ["code"] = "mmol/L" },
                }),
                Resource("Observation", "o2", new()
                {
                    ["status"] = "final",
                    ["code"] = Coding("http://loinc.org", "2601-3"),
                    ["effectiveDateTime"] = "2026-11-02",
                    ["valueQuantity"] = new JsonObject { ["value"] = 0.6, ["unit"] = Evil },
                })),
        };
    }

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}")]
    private static partial Regex Jwt();

    [GeneratedRegex("""<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();
}
