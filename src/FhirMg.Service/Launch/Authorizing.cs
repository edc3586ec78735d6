using Duende.IdentityModel;
using Duende.IdentityModel.Client;
using FhirMg.Fhir.Tokens;
using FhirMg.Service.Hosting;
using FhirMg.Service.Sessions;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Launch;

/// <summary>Sends a person to the authorization server of a configured server, and nowhere else.</summary>
internal sealed class Authorizing(PendingLaunches launches, PublicAddress address, IServiceProvider services)
{
    /// <summary>Begins an authorization.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tenant">The server.</param>
    /// <param name="audience">Its base, as the EHR names it.</param>
    /// <param name="launch">The EHR's <c>launch</c> value; null for a standalone launch.</param>
    /// <param name="handle">The session that is authorized anew; null for a new one.</param>
    /// <param name="isV1">Asks for scopes the v1 way, whatever the server says.</param>
    /// <param name="cancellationToken">The person has gone.</param>
    /// <exception cref="LaunchException">The server cannot be used for launches.</exception>
    public async Task<IResult> BeginAsync(
        HttpContext context, Tenant tenant, string audience, string? launch, string? handle, bool isV1, CancellationToken cancellationToken)
    {
        var (client, server) = await DiscoverAsync(tenant, cancellationToken);
        var endpoint = server.AuthorizationEndpoint ?? throw new LaunchException(StatusCodes.Status502BadGateway, "app-no-authorization") { Detail = "it names no authorization endpoint" };
        var redirect = new Uri($"{address.Base}{LaunchPaths.Callback}");
        var (scopes, mayAskV1) = LaunchScopes.Of(tenant, server, launch is not null, isV1);
        var (verifier, nonce) = (Opaque.New(), Opaque.New());
        var state = await launches.KeepAsync(
            context,
            cookie => new()
            {
                Cookie = cookie,
                Server = tenant.Name,
                Audience = audience,
                Launch = launch,
                Scopes = scopes,
                MayAskV1 = mayAskV1,
                Redirect = redirect,
                Verifier = verifier,
                Nonce = nonce,
                Handle = handle,
            },
            cancellationToken);
        var extra = new Parameters { { "aud", audience } };
        if (launch is not null)
        {
            extra.Add("launch", launch);
        }

        PageHeaders.Apply(context);
        return TypedResults.Redirect(new RequestUrl(endpoint.AbsoluteUri).CreateAuthorizeUrl(
            client.Options.ClientId!,
            OidcConstants.ResponseTypes.Code,
            scope: string.Join(' ', scopes),
            redirectUri: redirect.OriginalString,
            state: state,
            nonce: nonce,
            codeChallenge: Opaque.Digest(verifier),
            codeChallengeMethod: OidcConstants.CodeChallengeMethods.Sha256,
            extra: extra));
    }

    /// <summary>The client and the authorization server of a server.</summary>
    /// <exception cref="LaunchException">There is no client, or the server cannot be asked.</exception>
    public async Task<(SmartClient Client, AuthorizationServer Server)> DiscoverAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var client = services.GetKeyedService<SmartClient>(tenant.Name) ?? throw new LaunchException(StatusCodes.Status403Forbidden, "app-not-registered") { Detail = "no ClientId is configured" };
        try
        {
            return (client, await client.DiscoverAsync(cancellationToken));
        }
        catch (TokenException e)
        {
            throw new LaunchException("app-unreachable", e) { Detail = e.Message };
        }
    }
}
