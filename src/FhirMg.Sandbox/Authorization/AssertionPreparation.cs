using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Before a client assertion's signature is checked: its algorithm, and the keys that the client publishes.</summary>
internal sealed class AssertionPreparation(ClientKeys keys, IOpenIddictApplicationManager applications) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private static readonly string[] Algorithms = ["RS384", "ES384"];

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (string.IsNullOrEmpty(context.ClientAssertion))
        {
            return;
        }

        if (!new JsonWebTokenHandler().CanReadToken(context.ClientAssertion))
        {
            Refuse(context, "The client assertion is no JWT.");
            return;
        }

        var token = new JsonWebToken(context.ClientAssertion);
        if (!Algorithms.Contains(token.Alg))
        {
            Refuse(context, $"The client assertion is signed by '{token.Alg}'; RS384 and ES384 are taken.");
        }
        else if (!keys.Clients.TryGetValue(token.Issuer ?? "", out var client))
        {
            Refuse(context, "The client assertion's iss is no registered client.");
        }
        else if (token.TryGetHeaderValue<string>("jku", out var jku) && client.JwksUri?.AbsoluteUri != jku)
        {
            Refuse(context, "The client assertion's jku is not the registered JWK set url.");
        }
        else
        {
            try
            {
                await keys.RefreshAsync(client, token.Kid, applications, context.CancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or ArgumentException)
            {
                Refuse(context, $"The JWK set at {client.JwksUri} cannot be read ({e.GetType().Name}).");
            }
        }
    }

    private static void Refuse(ProcessAuthenticationContext context, string why) => context.Reject(OpenIddictConstants.Errors.InvalidClient, why);
}
