using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FhirMg.Service.Hooks.Callers;
using FhirMg.Service.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Service.Tests.Hooks;

/// <summary>RSA clients, and what is answered when a call is not allowed, too large, too often, or cannot be decided on.</summary>
public sealed class RefusalTests
{
    private const string Mild = "adult-mild-with-migraine";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2048, "RS384", 200)]
    [InlineData(3072, "RS384", 200)]
    [InlineData(1024, "RS384", 401)]
    [InlineData(2048, "RS256", 401)]
    [InlineData(2048, "PS384", 401)]
    public async Task An_RSA_client_signs_by_RS384_with_a_key_of_2048_bits_or_more(int bits, string algorithm, int status)
    {
        await using var ehr = await Ehr.StartAsync();
        using var key = RSA.Create(bits);
        var (file, point) = (Path.GetTempFileName(), key.ExportParameters(false));
        await File.WriteAllTextAsync(file, new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["kid"] = "rsa", ["n"] = Base64UrlEncoder.Encode(point.Modulus), ["e"] = Base64UrlEncoder.Encode(point.Exponent) }),
        }.ToJsonString(), Cancellation);
        await using var service = await CallerTests.StartAsync(ehr, settings =>
        {
            settings.Remove("Servers:0:CdsClients:0:JwksUri");
            settings["Servers:0:CdsClients:0:JwksPath"] = file;
        });
        var credentials = new SigningCredentials(new RsaSecurityKey(key) { KeyId = "rsa" }, algorithm) { CryptoProviderFactory = new() { CacheSignatureProviders = false } };
        var token = bits < 2048 ? WeaklySigned(ehr, key) : ehr.Sign(ehr.Claims(), with: credentials);
        Assert.Equal(status, (await Call.Of(Mild).SendAsync(service, token: token)).Status);
        File.Delete(file);
    }

    [Fact]
    public async Task A_server_that_is_not_the_callers_is_forbidden_and_of_several_one_must_be_named()
    {
        await using var service = await CardTests.StartAsync(settings =>
        {
            settings["Servers:1:Name"] = "clinic";
            settings["Servers:1:BaseUrl"] = "http://127.0.0.1:9/clinic/fhir";
            settings["Servers:1:AllowUnauthenticatedCds"] = "true";
        });
        var forbidden = await Call.Of(Mild).At(new("https://other.example.org/fhir")).SendAsync(service);
        Assert.Equal((403, "OperationOutcome", "forbidden"), (forbidden.Status, (string?)forbidden.Body["resourceType"], (string?)forbidden.Body["issue"]![0]!["code"]));
        var unnamed = await Call.Of(Mild).SendAsync(service);
        Assert.Equal(400, unnamed.Status);
        Assert.Contains("fhirServer is missing", unnamed.Diagnostics, StringComparison.Ordinal);
        Assert.Equal(200, (await Call.Of(Mild).At(new("http://127.0.0.1:9/clinic/fhir/")).SendAsync(service)).Status);
    }

    [Fact]
    public async Task A_call_above_the_size_is_too_large()
    {
        await using var service = await CardTests.StartAsync(settings => settings["Limits:RequestBytes"] = "1000");
        var answer = await Call.Of(Mild).SendAsync(service);
        Assert.Equal((413, "too-long"), (answer.Status, (string?)answer.Body["issue"]![0]!["code"]));
    }

    [Fact]
    public async Task Calls_above_the_rate_are_told_when_to_come_again()
    {
        await using var service = await CardTests.StartAsync(settings => settings["Limits:RequestsPerSecond"] = "1");
        CallAnswer answer;
        var calls = 0;
        do
        {
            answer = await Call.Of(Mild).SendAsync(service);
            Assert.True(++calls < 50, "no call was refused");
        }
        while (answer.Status == 200);
        Assert.Equal((429, "throttled"), (answer.Status, (string?)answer.Body["issue"]![0]!["code"]));
        Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_token_that_the_store_cannot_remember_is_not_let_in_and_may_come_again()
    {
        await using var ehr = await Ehr.StartAsync();
        await using var service = await CallerTests.StartAsync(ehr);
        await using (var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation))
        {
            await store.Database.ExecuteSqlRawAsync($"ALTER TABLE \"{UsedTokenTable.Table}\" RENAME TO \"Away\"", Cancellation);
        }

        var token = ehr.Token();
        var answer = await Call.Of(Mild).SendAsync(service, token: token);
        Assert.Equal((503, "transient"), (answer.Status, (string?)answer.Body["issue"]![0]!["code"]));
        Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        await using (var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation))
        {
            await store.Database.ExecuteSqlRawAsync($"ALTER TABLE \"Away\" RENAME TO \"{UsedTokenTable.Table}\"", Cancellation);
        }

        Assert.Equal(200, (await Call.Of(Mild).SendAsync(service, token: token)).Status);
    }

    [Fact]
    public async Task Keys_that_the_store_cannot_keep_or_tell_are_asked_of_the_client_alone()
    {
        var time = new SampleTime();
        await using var ehr = await Ehr.StartAsync();
        await using var service = await CallerTests.StartAsync(ehr, time: time);
        await using (var store = await service.Services.GetRequiredService<IDbContextFactory<ServiceStore>>().CreateDbContextAsync(Cancellation))
        {
            await store.Database.ExecuteSqlRawAsync($"ALTER TABLE \"{KnownKeySetTable.Table}\" RENAME TO \"Away\"", Cancellation);
        }

        Assert.Equal(200, (await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Status);
        (ehr.IsAway, var known) = (true, ehr.Token());
        ehr.Rotate();
        time.Moved = TimeSpan.FromMinutes(1);
        Assert.Equal(401, (await Call.Of(Mild).SendAsync(service, token: ehr.Token())).Status);
        Assert.Equal(2, ehr.KeysFetched);
        Assert.Equal(2, service.Log.Lines.Count(line => line.Contains("could not be shared by the store", StringComparison.Ordinal)));
        Assert.Equal(200, (await Call.Of(Mild).SendAsync(service, token: known)).Status);
    }

    // The library itself refuses to sign with so weak a key.
    private static string WeaklySigned(Ehr ehr, RSA key)
    {
        var parts = ehr.Sign(ehr.Claims()).Split('.');
        var head = $"{Base64UrlEncoder.Encode("""{"alg":"RS384","typ":"JWT","kid":"rsa"}""")}.{parts[1]}";
        return $"{head}.{Base64UrlEncoder.Encode(key.SignData(System.Text.Encoding.ASCII.GetBytes(head), HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1))}";
    }
}
