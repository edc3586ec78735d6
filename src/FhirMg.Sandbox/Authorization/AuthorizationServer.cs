using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace FhirMg.Sandbox.Authorization;

/// <summary>The SMART authorization server.</summary>
internal static class AuthorizationServer
{
    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddAuthorizationServer(this IServiceCollection services, SandboxOptions options)
    {
        var name = RandomNumberGenerator.GetHexString(16);
        services.AddSingleton<ClientKeys>().AddSingleton<UsedAssertions>().AddSingleton<Launches>().AddSingleton<SmartState>().AddSingleton<ServerHabits>().AddScoped<AssertionPreparation>().AddScoped<AssertionForm>().AddScoped<AssertionChecks>();
        services.AddDbContext<AuthorizationStore>(store => store.UseInMemoryDatabase(name)
            .ConfigureWarnings(warnings => warnings.Ignore(InMemoryEventId.TransactionIgnoredWarning)).UseOpenIddict());
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<AuthorizationStore>().DisableBulkOperations())
            .AddServer(server =>
            {
                server.SetAuthorizationEndpointUris("auth/authorize").SetTokenEndpointUris("auth/token").SetIntrospectionEndpointUris("auth/introspect")
                    .SetRevocationEndpointUris("auth/revoke").SetJsonWebKeySetEndpointUris("auth/jwks").SetConfigurationEndpointUris("auth/.well-known/openid-configuration");
                server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow().AllowCustomFlow(Ehr.HookTokens.Grant).RequireProofKeyForCodeExchange();
                server.SetAccessTokenLifetime(options.AccessTokenLifetime).SetAuthorizationCodeLifetime(CodeLife).SetRefreshTokenReuseLeeway(TimeSpan.Zero);
                server.DisableAccessTokenEncryption().DisableScopeValidation().IgnoreScopePermissions();
                server.AddEphemeralSigningKey(SecurityAlgorithms.RsaSha256).AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
                server.Configure(only => only.CodeChallengeMethods.IntersectWith([OpenIddictConstants.CodeChallengeMethods.Sha256]));
                server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough();
                server.AddEventHandler<ProcessAuthenticationContext>(handler => handler.UseScopedHandler<AssertionPreparation>().SetOrder(OpenIddictServerHandlers.ValidateClientAssertion.Descriptor.Order - 1));
                server.AddEventHandler<ProcessAuthenticationContext>(handler => handler.UseScopedHandler<AssertionChecks>().SetOrder(OpenIddictServerHandlers.ValidateClientAssertionIssuer.Descriptor.Order + 1));
                server.AddEventHandler<ValidateTokenContext>(handler => handler.UseScopedHandler<AssertionForm>().SetOrder(OpenIddictServerHandlers.Protection.ResolveTokenValidationParameters.Descriptor.Order + 1));
                server.AddEventHandler<ProcessSignInContext>(handler => handler.SetOrder(OpenIddictServerHandlers.EvaluateGeneratedTokens.Descriptor.Order + 1).UseInlineHandler(DecideRefresh));
                server.AddEventHandler<ApplyTokenResponseContext>(handler => handler.SetOrder(int.MinValue + 1).UseSingletonHandler<ServerHabits>());
                server.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler.SetOrder(int.MinValue + 1).UseSingletonHandler<ServerHabits>());
                server.AddEventHandler<HandleIntrospectionRequestContext>(handler => handler.SetOrder(int.MaxValue - 1).UseInlineHandler(SmartIntrospection.AttachAsync));
            })
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.EnableTokenEntryValidation();
                validation.UseAspNetCore();
            });
        services.AddOptions<OpenIddictServerOptions>().Configure<ServerAddress>((server, address) =>
        {
            server.Issuer = new(address.Issuer);
            server.DisableRollingRefreshTokens = !options.Smart.RotatesRefreshTokens;
        });
        services.AddAuthentication();
        return services;
    }

    // OpenIddict gives a refresh token for offline_access only; SMART also has online_access. One that stays good is not given twice.
    private static ValueTask DecideRefresh(ProcessSignInContext context)
    {
        if (context.EndpointType is OpenIddictServerEndpointType.Token && context.Principal!.HasScope(SmartScopes.Online))
        {
            context.GenerateRefreshToken = context.IncludeRefreshToken = true;
        }

        if (context.Options.DisableRollingRefreshTokens && context.Request?.IsRefreshTokenGrantType() == true)
        {
            context.GenerateRefreshToken = context.IncludeRefreshToken = false;
        }

        return default;
    }
}
