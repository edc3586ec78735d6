using OpenIddict.Abstractions;
using OpenIddict.Server;
using Microsoft.IdentityModel.JsonWebTokens;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace FhirMg.Sandbox.Authorization;

/// <summary>What SMART asks of client assertions beyond RFC 7523, once the signature was found right: a short life, and that each is used once.</summary>
internal sealed class AssertionChecks(UsedAssertions used, TimeProvider time) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionPrincipal is not { } principal || context.ClientAssertion is not { } assertion)
        {
            return default;
        }

        var id = principal.GetClaim(OpenIddictConstants.Claims.JwtId);
        var expires = new JsonWebToken(assertion).ValidTo;
        if (expires > (time.GetUtcNow() + LongestLife + Skew).UtcDateTime)
        {
            Refuse(context, "The client assertion's exp is more than five minutes ahead.");
        }
        else if (string.IsNullOrEmpty(id))
        {
            Refuse(context, "The client assertion has no jti.");
        }
        else if (!used.TryUse($"{principal.GetClaim(OpenIddictConstants.Claims.Issuer)} {id}", expires))
        {
            Refuse(context, "The client assertion was used before.");
        }

        return default;
    }

    private static void Refuse(ProcessAuthenticationContext context, string why) => context.Reject(OpenIddictConstants.Errors.InvalidClient, why);
}
