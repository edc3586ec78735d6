using System.Security.Claims;
using FhirMg.Service.Configuration;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace FhirMg.Service.Api;

/// <summary>Who may call the FHIR endpoint, screenings and feedback summaries: bearers of a token of <c>FhirMg:Api:Authority</c>.</summary>
internal static class ApiAuthorization
{
    /// <summary>Name of the policy: <c>endpoints.RequireAuthorization(ApiAuthorization.Policy)</c>.</summary>
    public const string Policy = "FhirMg API";

    /// <summary>Name of the scheme that checks the API's tokens.</summary>
    public const string Scheme = "FhirMg API";

    /// <summary>Adds scheme and policy. Without an authority everybody may in Development, and nobody elsewhere.</summary>
    public static IServiceCollection AddApiAuthorization(this IServiceCollection services, ApiOptions options, IHostEnvironment environment)
    {
        // Else the only scheme would be tried on every request, also on tokens of CDS clients, which are checked elsewhere by other rules.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        services.AddAuthentication().AddJwtBearer(Scheme, bearer =>
        {
            bearer.Authority = options.Authority?.AbsoluteUri;
            bearer.Audience = options.Audience;
            bearer.RequireHttpsMetadata = options.Authority is { IsLoopback: false };
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters.ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
        });
        var open = options.Authority is null && environment.IsDevelopment();
        return services.AddAuthorizationBuilder().AddPolicy(Policy, policy =>
        {
            policy.AddAuthenticationSchemes(Scheme);
            if (open)
            {
                policy.RequireAssertion(_ => true);
                return;
            }

            policy.RequireAuthenticatedUser();
            if (options.RequiredScope is { } scope)
            {
                policy.RequireAssertion(context => HasScope(context, scope));
            }
        }).Services;
    }

    /// <summary>The client of a request as its token names it; null without a token.</summary>
    public static string? ClientOf(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User is { } user ? ClientOf(user) : null;

    /// <summary>The person on whose behalf a client calls, as its token names them; null when it calls for itself, or without a token.</summary>
    public static string? UserOf(HttpContext context) => context.Features.Get<IHttpAuthenticationFeature>()?.User is not { } user ? null
        : Claim(user, "fhirUser") ?? (Claim(user, "sub") is { } subject && subject != ClientOf(user) ? subject : null);

    private static string? ClientOf(ClaimsPrincipal user) => Claim(user, "client_id") ?? Claim(user, "azp") ?? Claim(user, "sub");

    private static string? Claim(ClaimsPrincipal user, string type) => user.FindFirst(type)?.Value;

    private static bool HasScope(AuthorizationHandlerContext context, string scope) =>
        context.User.FindAll(claim => claim.Type is "scope" or "scp").Any(claim => claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal));
}
