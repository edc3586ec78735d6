using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;
using FhirMg.Reasoning.Knowing;
using FhirMg.Sandbox;
using FhirMg.Service.Sessions;
using FhirMg.Service.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Service.Tests.Launch;

/// <summary>docs/ehr-registration.md, followed against the sandbox to the letter.</summary>
public sealed partial class RegistrationTests : IDisposable
{
    private static readonly string Document = File.ReadAllText(Repository.Path("docs", "ehr-registration.md"));
    private readonly string _folder = Directory.CreateTempSubdirectory("registration-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Its_scopes_are_those_that_are_asked_for()
    {
        Assert.Equal(WantedScopes.OfLaunch(Knowledge.BuiltIn, WritePolicy.Suggest), Scopes("launch"));
        Assert.Equal(WantedScopes.Of(Knowledge.BuiltIn, WritePolicy.Suggest), Scopes("read"));
        Assert.Equal(WantedScopes.Of(Knowledge.BuiltIn, WritePolicy.Write), Scopes("write"));
    }

    [Fact]
    public async Task With_its_configuration_a_launch_a_token_of_the_service_and_a_signed_hook_work()
    {
        await using var sandbox = await SandboxApplication.StartAsync(new() { RequireToken = true }, Cancellation);
        var key = Path.Combine(_folder, "fhirmg.pem");
        using var pair = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384);
        await File.WriteAllTextAsync(key, pair.ExportPkcs8PrivateKeyPem(), Cancellation);
        var settings = Settings();
        Assert.True(settings.Remove("PublicUrl"));
        settings["FrameAncestors:0"] = sandbox.EhrPage.GetLeftPart(UriPartial.Authority);
        settings["Servers:0:BaseUrl"] = sandbox.FhirBase.AbsoluteUri;
        settings["Servers:0:PrivateKeyPath"] = key;
        settings["Servers:0:CdsClients:0:Issuer"] = sandbox.CdsIssuer;
        settings["Servers:0:CdsClients:0:JwksUri"] = sandbox.CdsJwksUri.AbsoluteUri;
        settings["Servers:0:Deadline"] = "00:01:00";
        await using var service = await RunningService.StartAsync(settings);
        await sandbox.ConnectAsync(service.Url, Cancellation);
        var root = service.Url.AbsoluteUri.TrimEnd('/');
        await sandbox.RegisterAsync(
            new() { ClientId = "fhirmg", JwksUri = new(Filled("{PublicUrl}/.well-known/jwks.json", root)), RedirectUris = [new(Filled("{PublicUrl}/smart/callback", root))], BackendService = true }, Cancellation);

        // The SMART app.
        using var browser = new Browser();
        var patient = sandbox.Patients[0];
        var launch = new Uri($"{Filled("{PublicUrl}/smart/launch", root)}?iss={Uri.EscapeDataString(sandbox.FhirBase.AbsoluteUri)}&launch={sandbox.OpenLaunch(new(patient, "petrova"))}");
        var (url, page) = await browser.FollowAsync(launch, "/app/");
        Assert.Null(page);
        Assert.Equal(patient, (await browser.SessionAsync(service, LaunchedHospital.HandleOf(url)))!.Patient);

        // Backend Services: a token by the service's key.
        var tenant = service.Services.GetRequiredService<TenantRegistry>().All.Single();
        var client = service.Services.GetRequiredKeyedService<SmartClient>(tenant.Name);
        var server = await client.DiscoverAsync(Cancellation);
        using var http = new HttpClient();
        using var request = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["scope"] = string.Join(' ', Scopes("read")),
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = (await client.AssertionAsync(server, Cancellation))!,
        });
        using var given = await http.PostAsync(new Uri($"{sandbox.Issuer}/token"), request, Cancellation);
        var token = JsonNode.Parse(await given.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(string.Join(' ', Scopes("read")), (string?)token["scope"]);
        using var read = new HttpRequestMessage(HttpMethod.Get, $"{sandbox.FhirBase}/Patient/{patient}");
        read.Headers.Authorization = new("Bearer", (string?)token["access_token"]);
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(read, Cancellation)).StatusCode);

        // A hook, signed by the EHR and fired at the published services.
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["patient"] = "adult-mild-with-migraine-p1", ["hook"] = "patient-view", ["lang"] = "en" });
        using var ehr = new HttpClient();
        using var answer = await ehr.PostAsync(new Uri(sandbox.EhrPage, "ehr/hooks"), form, Cancellation);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("class=\"cds", html, StringComparison.Ordinal);
    }

    private static string Filled(string template, string root)
    {
        Assert.Contains(template, Document, StringComparison.Ordinal);
        return template.Replace("{PublicUrl}", root, StringComparison.Ordinal);
    }

    private static string[] Scopes(string of) => ScopeBlock().Matches(Document).Single(match => match.Groups[1].Value == of).Groups[2].Value.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        Flatten(JsonNode.Parse(JsonBlock().Match(Document).Groups[1].Value)!["FhirMg"]!, "");
        return settings;

        void Flatten(JsonNode node, string path)
        {
            var children = node is JsonObject members ? members.Select(pair => (pair.Key, pair.Value)) : node is JsonArray items ? items.Select((item, at) => (Key: $"{at}", Value: item)) : null;
            if (children is null)
            {
                settings[path] = node.ToString();
                return;
            }

            foreach (var (name, child) in children)
            {
                Flatten(child!, path.Length == 0 ? name : $"{path}:{name}");
            }
        }
    }

    [GeneratedRegex(@"```scopes (\w+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ScopeBlock();

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
