using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tests.Pulling;

namespace FhirMg.Fhir.Tests.Http;

/// <summary>A private authority and client certificates, at the FHIR server and at its token endpoint.</summary>
public sealed class TlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_private_authority_is_trusted_when_it_is_named()
    {
        await using var server = await TlsServer.StartAsync(wantsClientCertificate: false);
        await using var pull = new Pull(server.Base, options => options with { CaPath = server.CaPath });
        Assert.True((await pull.Server.GetAsync("Patient/p1", Cancellation)).IsSuccess);
    }

    [Fact]
    public async Task Without_its_name_nothing_is_sent()
    {
        await using var server = await TlsServer.StartAsync(wantsClientCertificate: false);
        await using var pull = new Pull(server.Base, options => options with { MaxAttempts = 1 });
        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.Server.GetAsync("Patient/p1", Cancellation));
        Assert.Contains("certificates", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Seen);
    }

    [Fact]
    public async Task Another_authority_does_not_vouch_for_it()
    {
        await using var server = await TlsServer.StartAsync(wantsClientCertificate: false);
        await using var other = await TlsServer.StartAsync(wantsClientCertificate: false);
        await using var pull = new Pull(server.Base, options => options with { CaPath = other.CaPath, MaxAttempts = 1 });
        await Assert.ThrowsAsync<FhirServerException>(() => pull.Server.GetAsync("Patient/p1", Cancellation));
        Assert.Empty(server.Seen);
    }

    [Fact]
    public async Task The_client_certificate_is_shown_to_the_server_and_to_its_token_endpoint()
    {
        await using var server = await TlsServer.StartAsync(wantsClientCertificate: true);
        await using var pull = new Pull(server.Base, options => options with
        {
            CaPath = server.CaPath, ClientCertificatePath = server.ClientPath(isKnown: true), Auth = ServerAuth.BackendServices, ClientId = "fhirmg", ClientSecret = Path.GetRandomFileName(),
        });
        Assert.True((await pull.Server.GetAsync("Patient/p1", Cancellation)).IsSuccess);
        Assert.Equal(["/fhir/.well-known/smart-configuration", "/token", "/fhir/Patient/p1"], server.Seen.Select(seen => seen.Path));
        Assert.All(server.Seen, seen => Assert.Equal("CN=fhirmg", seen.Client));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_the_right_client_certificate_there_is_an_error_and_no_answer(bool hasOne)
    {
        await using var server = await TlsServer.StartAsync(wantsClientCertificate: true);
        await using var pull = new Pull(server.Base, options => options with
        {
            CaPath = server.CaPath, ClientCertificatePath = hasOne ? server.ClientPath(isKnown: false) : null, MaxAttempts = 1,
        });
        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.Server.GetAsync("Patient/p1", Cancellation));
        Assert.Equal(ServerFault.Unavailable, error.Fault);
        Assert.Empty(server.Seen);
    }
}
