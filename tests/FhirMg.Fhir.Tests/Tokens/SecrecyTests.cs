using System.Text.Json.Nodes;
using FhirMg.Fhir.Tokens;

namespace FhirMg.Fhir.Tests.Tokens;

public sealed class SecrecyTests
{
    private const string Secret = "p@ss w0rd+<&>";
    private const string Gateway = "g4teway-key";

    public static TheoryData<string> Echoes => ["json", "html", "html of ASP.NET", "plain", "error", "outcome", "long"];

    [Theory]
    [MemberData(nameof(Echoes))]
    public async Task A_server_that_repeats_what_was_sent_puts_nothing_secret_into_message_or_log(string how)
    {
        await using var server = await Stub.StartAsync();
        server.Token = seen => Echo(how, $"{seen.Authorization} {seen.Body} {Secret} {seen.Form("client_assertion")} {seen.Headers.GetValueOrDefault("X-Api-Key")}");
        using var key = new KeyOnDisk(TestKey.Rsa.Jwk);
        var withSecret = Bench.WithSecret(server.Base, Secret) with { Headers = new Dictionary<string, string> { ["X-Api-Key"] = Gateway } };
        using var bySecret = new Bench(withSecret);
        using var byKey = new Bench(withSecret with { PrivateKeyPath = key.Path });

        foreach (var bench in new[] { bySecret, byKey })
        {
            var fault = await bench.FailAsync();
            AssertClean($"{fault}\n{fault.Error}\n{bench.Log.All}");
        }
    }

    [Fact]
    public async Task The_usual_course_logs_nothing_secret_and_what_helps()
    {
        await using var server = await Stub.StartAsync();
        server.Token = _ => server.TokenRequests.Count switch
        {
            1 => Reply.Error("invalid_client"),
            2 => new(503, RetryAfter: "0"),
            3 => Reply.Error("invalid_scope"),
            _ => Reply.Token("t0ken-value"),
        };
        using var key = new KeyOnDisk(TestKey.PrivateSet(TestKey.Rsa, TestKey.Curve));
        using var bench = new Bench(Bench.WithKey(server.Base, key) with { ClientSecret = Secret });

        var token = await bench.GetAsync();

        AssertClean($"{bench.Log.All}\n{token}\n{bench.Tokens}\n{token.Granted}");
        Assert.Equal([2101, 2102, 2103, 2104, 2106, 2108], bench.Log.Lines.Select(line => line.Id).Order());
        Assert.Contains("hospital: access token from 127.0.0.1 with 2 scopes for 00:0", bench.Log.All, StringComparison.Ordinal);
        Assert.Equal(4, server.TokenRequests.Count);
    }

    [Fact]
    public void A_signing_key_shows_its_id_alone()
    {
        var key = Assert.Single(KeyReader.Read(TestKey.Curve.Jwk));

        Assert.Equal("ES384 key ec-1", key.ToString());
    }

    private static Reply Echo(string how, string text) => how switch
    {
        "json" => Reply.Error("invalid_client", text),
        "error" => new(400, new JsonObject { ["error"] = text }.ToJsonString()),
        "html" => new(400, $"<p>{System.Net.WebUtility.HtmlEncode(text)}</p>", "text/html"),
        "outcome" => new(400, new JsonObject { ["issue"] = new JsonArray(new JsonObject { ["diagnostics"] = text }) }.ToJsonString()),
        "html of ASP.NET" => new(400, $"<p>{System.Text.Encodings.Web.HtmlEncoder.Default.Encode(text)}</p>", "text/html"),
        "long" => new(400, $"{string.Concat(Enumerable.Repeat("<br>", 998))}{text}{new string('<', 100_000)}", "text/html"),
        _ => new(400, text, "text/plain"),
    };

    private static void AssertClean(string text)
    {
        var encoded = Uri.EscapeDataString(Secret);
        string[] secrets =
        [
            Secret, "w0rd", encoded, encoded.Replace("%20", "+", StringComparison.Ordinal), System.Net.WebUtility.HtmlEncode(Secret), Gateway, "t0ken-value", "eyJ",
            Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"fhirmg:{encoded.Replace("%20", "+", StringComparison.Ordinal)}")),
            .. new[] { "d", "p", "q", "dp", "dq", "qi" }.Select(name => (string)TestKey.Rsa.Private[name]!), (string)TestKey.Curve.Private["d"]!,
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
    }
}
