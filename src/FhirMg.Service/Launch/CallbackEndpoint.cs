using FhirMg.Fhir.Tokens;
using FhirMg.Service.Access;
using FhirMg.Service.Hosting;
using FhirMg.Service.Sessions;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Launch;

/// <summary><c>/smart/callback</c>: the person comes back, the code becomes tokens, and a session begins or goes on.</summary>
internal sealed partial class CallbackEndpoint(
    TenantRegistry tenants, PendingLaunches launches, Authorizing authorizing, TokenCalls calls, IdentityTokens identities, AppSessions sessions, AccessLog access, PublicAddress address,
    TimeProvider time, ILogger<CallbackEndpoint> logger)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var cancellationToken = context.RequestAborted;
        var state = LaunchParameters.Read(request, "state") ?? throw new LaunchException("app-unknown-state");
        var launch = await launches.TakeAsync(context, state, cancellationToken) ?? throw new LaunchException("app-unknown-state");
        var tenant = tenants.Find(launch.Server) ?? throw new LaunchException(StatusCodes.Status403Forbidden, "app-unknown-server");
        var (client, server) = await authorizing.DiscoverAsync(tenant, cancellationToken);

        // RFC 9207: an answer of another authorization server than the one that was asked.
        if (LaunchParameters.Read(request, "iss") is { } iss && server.Issuer is { } issuer && iss != issuer)
        {
            throw new LaunchException("app-unknown-state") { Detail = "iss of the answer is not the authorization server's" };
        }

        if (LaunchParameters.Read(request, "error") is { } error)
        {
            if (error == "invalid_scope" && launch.MayAskV1)
            {
                LogAskingV1(logger, tenant.Name);
                return await authorizing.BeginAsync(context, tenant, launch.Audience, launch.Launch, launch.Handle, isV1: true, cancellationToken);
            }

            throw Refused(error, LaunchParameters.Read(request, "error_description"));
        }

        var code = LaunchParameters.Read(request, "code") ?? throw new LaunchException("app-bad-request");
        var answer = await RedeemAsync(client, server, launch, code, cancellationToken);
        var (about, tokens) = await ReadAsync(tenant, client, server, launch, answer, cancellationToken);
        var session = await SessionAsync(context, tenant, launch, about, tokens, cancellationToken);
        PageHeaders.Apply(context);
        return TypedResults.Redirect($"{address.Base}{LaunchPaths.App(session)}");
    }

    private async Task<TokenAnswer> RedeemAsync(SmartClient client, AuthorizationServer server, PendingLaunch launch, string code, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.RedeemAsync(client, server, code, launch.Redirect, launch.Verifier, cancellationToken);
        }
        catch (TokenException e)
        {
            // Its endpoints may have moved, or our client may be registered otherwise by now.
            client.Forget();
            throw new LaunchException("app-no-token", e) { Detail = e.Message };
        }
    }

    private async Task<(SessionContext About, SessionTokens Tokens)> ReadAsync(
        Tenant tenant, SmartClient client, AuthorizationServer server, PendingLaunch launch, TokenAnswer answer, CancellationToken cancellationToken)
    {
        var identity = answer.Identity is { } token ? await identities.ValidateAsync(client, server, token, launch.Nonce, cancellationToken) : null;
        var about = new SessionContext
        {
            Patient = answer.Patient,
            Encounter = answer.Encounter,
            User = FhirUser.Of(identity?.FhirUser ?? answer.FhirUser, launch.Audience, tenant.Options.BaseUrl.OriginalString, tenant.Options.BaseUrl.AbsoluteUri),
            Subject = identity?.Subject,
            NeedsPatientBanner = answer.NeedsPatientBanner,
            Intent = answer.Intent,
            StyleUrl = answer.StyleUrl,
            Launch = launch.Launch,
            Audience = launch.Audience,
        };
        return (about, new(answer.Access, answer.ExpiresAt, answer.Scopes ?? launch.Scopes, answer.Refresh));
    }

    private async Task<string> SessionAsync(HttpContext context, Tenant tenant, PendingLaunch launch, SessionContext about, SessionTokens tokens, CancellationToken cancellationToken)
    {
        var goesOn = launch.Handle is { } handle && await sessions.ContinueAsync(context, handle, tenant.Name, about, tokens, cancellationToken);
        var session = goesOn ? launch.Handle! : (await sessions.BeginAsync(context, tenant.Name, about, tokens, cancellationToken)).Handle;
        LogLaunched(logger, tenant.Name, goesOn, about.Patient is not null, about.User is not null, tokens.Refresh is not null, tokens.Scopes.Count);
        access.Record(new()
        {
            At = time.GetUtcNow(),
            Operation = goesOn ? "smart-reauthorize" : "smart-launch",
            Server = tenant.Name,
            Patient = about.Patient is { } patient ? $"Patient/{patient}" : null,
            Client = tenant.Options.ClientId,
            User = about.User,
            Knowledge = tenant.Knowledge.Version,
            Status = StatusCodes.Status302Found,
        });
        return session;
    }

    private static LaunchException Refused(string error, string? said) => error switch
    {
        "access_denied" => new(StatusCodes.Status403Forbidden, "app-denied") { Said = said, Detail = error },
        "temporarily_unavailable" or "server_error" => new(StatusCodes.Status502BadGateway, "app-server-failed") { Said = said, Detail = error },
        _ => new(StatusCodes.Status502BadGateway, "app-refused") { Said = said ?? error, Detail = OAuthError.IsCode(error) ? error : "an error that is no code of OAuth" },
    };

    [LoggerMessage(5000, LogLevel.Information, "{Server}: launched (continued: {Continued}; patient: {Patient}; user: {User}; refresh token: {Refresh}; scopes: {Scopes})")]
    private static partial void LogLaunched(ILogger logger, string server, bool continued, bool patient, bool user, bool refresh, int scopes);

    [LoggerMessage(5001, LogLevel.Information, "{Server}: it does not know scopes v2 that were asked for; they are asked for the v1 way")]
    private static partial void LogAskingV1(ILogger logger, string server);
}
