using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace FhirMg.Sandbox.Authorization;

/// <summary>Gives answers the form that the switches say.</summary>
internal sealed class ServerHabits(SmartState smart) : OpenIddict.Server.IOpenIddictServerHandler<ApplyTokenResponseContext>, OpenIddict.Server.IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    private static readonly string[] Names = ["x_one", "x_two"];

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Response.Error is null && smart.Switches.AddsParameters)
        {
            context.Response["x_text"] = "of the server's own";
            context.Response["x_number"] = 1;
            context.Response["x_list"] = new OpenIddictParameter([.. Names.Select(name => (string?)name)]);
            context.Response["x_object"] = new(System.Text.Json.JsonSerializer.SerializeToElement(new { patient = "not-this-one", scope = "" }));
            context.Response["x_null"] = new(System.Text.Json.JsonSerializer.SerializeToElement<string?>(null));
        }

        if (!smart.Switches.TellsExpiry)
        {
            context.Response.ExpiresIn = null;
        }

        return default;
    }

    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.Response.Error is null && context.Response.Code is not null && smart.Switches.AddsParameters)
        {
            context.Response["session_state"] = "of the server's own";
        }

        return default;
    }
}
