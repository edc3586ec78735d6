using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Takes client assertions in SMART's form, typ <c>JWT</c> and aud the token endpoint, beside the newer form that OpenIddict asks for (draft-ietf-oauth-rfc7523bis).</summary>
internal sealed class AssertionForm(ServerAddress address) : IOpenIddictServerHandler<ValidateTokenContext>
{
    private const string NewerType = "client-authentication+jwt";
    private static readonly string[] Types = ["JWT", NewerType];

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.Token == context.Transaction.Request?.ClientAssertion && context.TokenValidationParameters is { } parameters)
        {
            parameters.TypeValidator = (type, _, _) => type is null || Types.Contains(type, StringComparer.OrdinalIgnoreCase) ? NewerType
                : throw new SecurityTokenInvalidTypeException($"The client assertion's typ is '{type}', not JWT.");
            context.ValidAudiences.UnionWith([address.Issuer, $"{address.Issuer}/token"]);
        }

        return default;
    }
}
