using FhirMg.Service.Hosting;
using FhirMg.Service.Sessions;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Launch;

/// <summary>What a person does with a session beside looking at its page: authorize it anew, and end it.</summary>
internal static class SessionEndpoints
{
    /// <summary>Authorizes the session anew.</summary>
    /// <remarks>
    /// An EHR's <c>launch</c> value is good for minutes, so where the server lets people begin on their own they do that, and choose the
    /// patient again: whether it is the same is checked when they come back.
    /// </remarks>
    public static async Task<IResult> ReauthorizeAsync(HttpContext context, string handle, AppSessions sessions, TenantRegistry tenants, Authorizing authorizing)
    {
        var (name, about) = await sessions.LaunchedAsync(context, handle, context.RequestAborted) ?? throw new LaunchException(StatusCodes.Status404NotFound, "app-session-over");
        var tenant = tenants.Find(name) ?? throw new LaunchException(StatusCodes.Status404NotFound, "app-session-over");
        var (_, server) = await authorizing.DiscoverAsync(tenant, context.RequestAborted);
        var isStandalone = server.Capabilities.Count == 0 || server.Capabilities.Contains("launch-standalone");
        return await authorizing.BeginAsync(context, tenant, about.Audience, isStandalone ? null : about.Launch, handle, isV1: false, context.RequestAborted);
    }

    /// <summary>Signs out.</summary>
    public static async Task<IResult> SignOutAsync(HttpContext context, string handle, AppSessions sessions, PublicAddress address)
    {
        if (!IsOwn(context.Request, address))
        {
            throw new LaunchException(StatusCodes.Status403Forbidden, "app-bad-request") { Detail = "the request comes from another site" };
        }

        var session = await sessions.FindAsync(context, handle, context.RequestAborted);
        if (session is not null)
        {
            await sessions.EndAsync(context, session, context.RequestAborted);
        }

        return new LaunchPage(StatusCodes.Status200OK, "app-signed-out", "app-close") { Chosen = session?.Language };
    }

    // The cookie goes along in other sites' frames, so it does not tell whose form it was.
    private static bool IsOwn(HttpRequest request, PublicAddress address) =>
        request.Headers["Sec-Fetch-Site"] is [{ } site] ? site == "same-origin"
        : request.Headers.Origin is not [{ } origin] || origin == new Uri(address.Base).GetLeftPart(UriPartial.Authority);
}
