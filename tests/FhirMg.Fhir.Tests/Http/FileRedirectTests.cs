using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tests.Pulling;
using FhirMg.Fhir.Tokens;

namespace FhirMg.Fhir.Tests.Http;

/// <summary>A file at the server that is redirected to a storage on another host: over https on the whole way, and with nothing of ours.</summary>
public sealed class FileRedirectTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_storage_gets_neither_token_nor_headers_nor_client_certificate(bool isSomebodysToken)
    {
        await using var server = await TlsServer.StartAsync(wantsClientCertificate: true);
        await using var storage = await server.StartStorageAsync();
        server.FilesAt = storage.Root;
        await using var pull = new Pull(server.Base, options => Trusting(options, server));
        var asked = isSomebodysToken ? pull.Server.As(new CallerToken("t0ken", new([]))) : pull.Server;

        using var file = await asked.OpenFileAsync(FileAt(server), Cancellation);

        Assert.True(file.IsSuccess);
        using var body = new StreamReader(await file.OpenAsync(Cancellation));
        Assert.Contains("p1", await body.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(new TlsRequest("/fhir/files/1", "CN=fhirmg", "Bearer t0ken", "gateway"), server.Seen[^1]);
        Assert.Equal([new TlsRequest("/files/1", null, null, null)], storage.Seen);
    }

    [Fact]
    public async Task Neither_does_the_server_itself_when_a_storage_leads_back_to_it()
    {
        await using var server = await TlsServer.StartAsync(wantsClientCertificate: false);
        await using var storage = await server.StartStorageAsync();
        await using var pull = new Pull(server.Base, options => Trusting(options, server) with { ClientCertificatePath = null });
        storage.FilesAt = new Uri(server.Root, "fhir/");

        using var file = await pull.Server.OpenFileAsync(new(new Uri(storage.Root, "files/1")), Cancellation);

        Assert.True(file.IsSuccess);
        Assert.Equal([new TlsRequest("/fhir/files/1", null, null, null)], server.Seen);
    }

    [Fact]
    public async Task A_storage_for_which_no_known_authority_vouches_gets_nothing()
    {
        await using var server = await TlsServer.StartAsync(wantsClientCertificate: true);
        await using var storage = await server.StartStorageAsync(isKnown: false);
        server.FilesAt = storage.Root;
        await using var pull = new Pull(server.Base, options => Trusting(options, server));

        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.Server.OpenFileAsync(FileAt(server), Cancellation));

        Assert.Equal(ServerFault.Unavailable, error.Fault);
        Assert.Empty(storage.Seen);
    }

    [Fact]
    public async Task A_redirect_to_http_elsewhere_is_not_followed()
    {
        await using var server = await TlsServer.StartAsync(wantsClientCertificate: true);
        server.FilesAt = new("http://storage.example/");
        await using var pull = new Pull(server.Base, options => Trusting(options, server));

        var error = await Assert.ThrowsAsync<FhirServerException>(() => pull.Server.OpenFileAsync(FileAt(server), Cancellation));

        Assert.Equal(ServerFault.Refused, error.Fault);
        Assert.Contains("by https only", error.Message, StringComparison.Ordinal);
    }

    private static FileRequest FileAt(TlsServer server) => new(new Uri($"{server.Base}/files/1"));

    private static FhirServerOptions Trusting(FhirServerOptions options, TlsServer server) => options with
    {
        CaPath = server.CaPath,
        ClientCertificatePath = server.ClientPath(isKnown: true),
        Auth = ServerAuth.BackendServices,
        ClientId = "fhirmg",
        ClientSecret = Path.GetRandomFileName(),
        Headers = new Dictionary<string, string> { ["X-Key"] = "gateway" },
        MaxAttempts = 1,
    };
}
