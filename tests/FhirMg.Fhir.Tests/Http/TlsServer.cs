using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace FhirMg.Fhir.Tests.Http;

/// <summary>A request that came to a <see cref="TlsServer"/>.</summary>
/// <param name="Path">The path, from the root.</param>
/// <param name="Client">Subject of the certificate shown; null for none.</param>
/// <param name="Authorization">The header; null for none.</param>
/// <param name="Key">The gateway's header <c>X-Key</c>; null for none.</param>
internal sealed record TlsRequest(string Path, string? Client, string? Authorization, string? Key);

/// <summary>A FHIR server with its token endpoint behind TLS: its certificate comes from an authority of its own, and it may want one of its clients.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fhirmg-tls-");
    private readonly X509Certificate2 _authority;
    private readonly ConcurrentQueue<TlsRequest> _seen = new();
    private WebApplication _app = null!;

    private TlsServer(X509Certificate2 authority) => _authority = authority;

    public Uri Base => new(Root, "fhir");

    public Uri Root => new(_app.Urls.First());

    /// <summary>To where its files are redirected; null where it has them itself.</summary>
    public Uri? FilesAt { get; set; }

    /// <summary>Who asked for what, in order.</summary>
    public IReadOnlyList<TlsRequest> Seen => [.. _seen];

    /// <summary>PEM file of the authority.</summary>
    public string CaPath => Write("ca.pem", _authority.ExportCertificatePem());

    public static Task<TlsServer> StartAsync(bool wantsClientCertificate) => StartAsync(IPAddress.Loopback,
        wantsClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate, Make("CN=FhirMg test authority", null));

    /// <summary>Another host with a certificate of the same authority, or of one that nobody knows; it takes a client's certificate and does without.</summary>
    public Task<TlsServer> StartStorageAsync(bool isKnown = true) => StartAsync(IPAddress.Parse("127.0.0.2"), ClientCertificateMode.AllowCertificate,
        isKnown ? X509CertificateLoader.LoadPkcs12(_authority.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable) : Make("CN=Nobody", null));

    private static async Task<TlsServer> StartAsync(IPAddress address, ClientCertificateMode clientCertificates, X509Certificate2 authority)
    {
        var server = new TlsServer(authority);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, 0, listen => listen.UseHttps(https =>
        {
            using var made = Make($"CN={address}", server._authority);
            https.ServerCertificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
            https.ClientCertificateMode = clientCertificates;
            https.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == server._authority.Subject;
        })));
        server._app = builder.Build();
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>PEM file of a client's certificate and key, from the server's authority or from another.</summary>
    public string ClientPath(bool isKnown)
    {
        using var other = Make("CN=Somebody else", null);
        using var made = Make("CN=fhirmg", isKnown ? _authority : other);
        using var key = made.GetRSAPrivateKey()!;
        return Write($"client-{isKnown}.pem", $"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static X509Certificate2 Make(string subject, X509Certificate2? authority)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority is null, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.Parse("127.0.0.2"));
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        if (authority is null)
        {
            return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));
        }

        using var made = request.Create(authority, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return made.CopyWithPrivateKey(key);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        _seen.Enqueue(new(context.Request.Path, context.Connection.ClientCertificate?.Subject, headers.Authorization.FirstOrDefault(), headers["X-Key"].FirstOrDefault()));
        if (FilesAt is { } place && context.Request.Path.Value!.Split("/files/") is [_, var file])
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = $"{place}files/{file}";
            return;
        }

        context.Response.ContentType = "application/fhir+json";
        await context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/fhir/metadata" => """{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":[{"mode":"server"}]}""",
            "/fhir/.well-known/smart-configuration" => $$"""{"token_endpoint":"{{Root}}token"}""",
            "/token" => """{"access_token":"t0ken","token_type":"bearer","expires_in":300,"scope":"system/*.rs"}""",
            _ => """{"resourceType":"Patient","id":"p1"}""",
        });
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
