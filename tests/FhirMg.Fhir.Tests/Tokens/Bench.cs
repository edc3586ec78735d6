using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Tokens;

namespace FhirMg.Fhir.Tests.Tokens;

/// <summary>Tokens for one server, with what they log.</summary>
internal sealed class Bench : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public Bench(FhirServerOptions options, TimeProvider? time = null, params string[] wanted)
    {
        Options = options;
        Tokens = new(options, _http, wanted.Length > 0 ? wanted : ["system/Observation.rs", "system/Patient.rs"], time ?? TimeProvider.System, Log);
    }

    public FhirServerOptions Options { get; }

    public CapturedLog Log { get; } = new();

    public BackendServicesTokens Tokens { get; }

    public static CancellationToken Ends => TestContext.Current.CancellationToken;

    public static FhirServerOptions WithKey(Uri url, KeyOnDisk key) =>
        new() { Name = "hospital", BaseUrl = url, Auth = ServerAuth.BackendServices, ClientId = "fhirmg", PrivateKeyPath = key.Path };

    public static FhirServerOptions WithSecret(Uri url, string secret = "s3cret-value") =>
        new() { Name = "hospital", BaseUrl = url, Auth = ServerAuth.BackendServices, ClientId = "fhirmg", ClientSecret = secret };

    public Task<AccessToken> GetAsync() => Tokens.GetAsync(Ends).AsTask();

    public Task<TokenException> FailAsync() => Assert.ThrowsAsync<TokenException>(GetAsync);

    public void Dispose() => _http.Dispose();
}
