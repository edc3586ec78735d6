using System.Net;
using System.Text.Json.Nodes;

namespace FhirMg.Service.Tests.Operations;

/// <summary>The knowledge, read and searched over real HTTP.</summary>
public sealed class PublicationTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync(RunningService.Serving(new("http://127.0.0.1:9/fhir")));

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Every_artifact_can_be_read_as_it_stands_in_the_repository()
    {
        foreach (var file in Directory.GetFiles(Repository.Path("profiles"), "*.json"))
        {
            var expected = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
            var got = await GetAsync($"/fhir/{expected["resourceType"]}/{expected["id"]}");
            Assert.True(JsonNode.DeepEquals(expected, got), file);
        }
    }

    [Fact]
    public async Task Every_artifact_can_be_had_as_xml()
    {
        foreach (var file in Directory.GetFiles(Repository.Path("profiles"), "*.json"))
        {
            var name = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
            using var response = await _service.Http.GetAsync(new Uri($"/fhir/{name["resourceType"]}/{name["id"]}?_format=xml", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var xml = System.Xml.Linq.XDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal((string?)name["resourceType"], xml.Root!.Name.LocalName);
        }
    }

    [Theory]
    [InlineData("Questionnaire", "url=https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations", 1)]
    [InlineData("Questionnaire", "url=https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations|1.0.0", 1)]
    [InlineData("Questionnaire", "url=https://fhirmg.github.io/ig/Questionnaire/magnesium-deficiency-manifestations|0.9", 0)]
    [InlineData("PlanDefinition", "status=active", 1)]
    [InlineData("PlanDefinition", "status=draft", 0)]
    [InlineData("ValueSet", "_id=migraine,egfr", 2)]
    [InlineData("PlanDefinition", "title:contains=MIGRAINE", 1)]
    [InlineData("PlanDefinition", "title:exact=magnesium", 0)]
    [InlineData("PlanDefinition", "name=magnesium", 1)]
    public async Task Artifacts_are_found(string type, string query, int count) =>
        Assert.Equal(count, (int)(await GetAsync($"/fhir/{type}?{query}"))["total"]!);

    [Fact]
    public async Task Pages_hold_everything_once()
    {
        var seen = new List<string>();
        for (var url = "/fhir/ValueSet?_count=7"; url is not null;)
        {
            var page = await GetAsync(url);
            seen.AddRange(page["entry"]?.AsArray().Select(entry => (string)entry!["fullUrl"]!) ?? []);
            url = page["link"]!.AsArray().Where(link => (string?)link!["relation"] == "next").Select(link => (string)link!["url"]!).SingleOrDefault();
        }

        Assert.Equal(Directory.GetFiles(Repository.Path("profiles"), "ValueSet-*.json").Length, seen.Distinct().Count());
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task An_unknown_parameter_is_passed_over_and_an_error_when_strictness_is_preferred()
    {
        Assert.Equal(1, (int)(await GetAsync("/fhir/PlanDefinition?colour=red"))["total"]!);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/PlanDefinition?colour=red");
        request.Headers.Add("Prefer", "handling=strict");
        using var response = await _service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("colour", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_by_post_finds_the_same()
    {
        using var form = new FormUrlEncodedContent([new("_id", "migraine")]);
        using var response = await _service.Http.PostAsync(new Uri("/fhir/ValueSet/_search", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Equal(1, (int)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["total"]!);
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        using var first = await _service.Http.GetAsync(new Uri("/fhir/PlanDefinition/magnesium-migraine", UriKind.Relative), TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/PlanDefinition/magnesium-migraine");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/fhir/PlanDefinition/none", 404)]
    [InlineData("/fhir/Patient/1", 404)]
    [InlineData("/fhir/Patient?name=x", 404)]
    [InlineData("/fhir/nothing/of/the/kind", 404)]
    [InlineData("/fhir/ValueSet?_count=many", 400)]
    public async Task What_is_not_there_is_an_outcome(string url, int status)
    {
        using var response = await _service.Http.GetAsync(new Uri(url, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("OperationOutcome", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["resourceType"]);
    }

    [Fact]
    public async Task The_capability_statement_says_what_there_is()
    {
        var statement = await GetAsync("/fhir/metadata");
        Assert.Equal("4.0.1", (string?)statement["fhirVersion"]);
        var types = statement["rest"]![0]!["resource"]!.AsArray().Select(type => (string)type!["type"]!).ToList();
        foreach (var type in types)
        {
            Assert.NotEqual(0, (int)(await GetAsync($"/fhir/{type}"))["total"]!);
        }

        Assert.Equal("apply", (string?)statement["rest"]![0]!["resource"]!.AsArray().Single(type => (string?)type!["type"] == "PlanDefinition")!["operation"]![0]!["name"]);
        var definition = (string)statement["rest"]![0]!["operation"]![0]!["definition"]!;
        Assert.Equal(1, (int)(await GetAsync($"/fhir/OperationDefinition?url={definition}"))["total"]!);
    }

    [Theory]
    [InlineData("application/fhir+xml, application/fhir+json;q=0.5", "application/fhir+xml")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "application/fhir+json")]
    [InlineData("application/fhir+json; fhirVersion=4.0", "application/fhir+json")]
    public async Task The_format_accepted_most_is_sent(string accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/PlanDefinition/magnesium-migraine");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
    }

    private async Task<JsonObject> GetAsync(string url)
    {
        using var response = await _service.Http.GetAsync(new Uri(url, UriKind.RelativeOrAbsolute), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{url}: {response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }
}
