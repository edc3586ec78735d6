using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirMg.Benchmarks.Hooks;

/// <summary>The yardstick, a process of its own: Kestrel that drains the body and answers without cards; with a token it verifies that, and keeps nothing.</summary>
internal static class BareEndpoint
{
    private static readonly byte[] Answer = [.. """{"cards":[]}"""u8];

    /// <param name="port">Where to listen.</param>
    /// <param name="jwks">File of the client's keys.</param>
    /// <param name="audience">The audience that tokens must name.</param>
    public static async Task RunAsync(int port, string jwks, string audience)
    {
        var handler = new JsonWebTokenHandler();
        var parameters = new TokenValidationParameters
        {
            IssuerSigningKeys = new JsonWebKeySet(await File.ReadAllTextAsync(jwks)).GetSigningKeys(),
            ValidAlgorithms = ["ES384", "RS384"],
            RequireSignedTokens = true,
            ValidIssuer = SignedTokens.Issuer,
            ValidAudience = audience,
        };
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        var application = builder.Build();
        application.Run(async context =>
        {
            if ((string?)context.Request.Headers.Authorization is { } authorization
                && !(await handler.ValidateTokenAsync(authorization["Bearer ".Length..], parameters)).IsValid)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            await DrainAsync(context.Request.Body, context.RequestAborted);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Answer.Length;
            await context.Response.Body.WriteAsync(Answer, context.RequestAborted);
        });
        await application.RunAsync();
    }

    private static async Task DrainAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        while (await body.ReadAsync(buffer, cancellationToken) > 0)
        {
            // What it holds is of no interest here.
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
