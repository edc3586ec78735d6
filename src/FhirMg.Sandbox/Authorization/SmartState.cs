using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace FhirMg.Sandbox.Authorization;

/// <summary>The switches as they stand.</summary>
internal sealed class SmartState(SandboxOptions options, IOptionsMonitor<OpenIddictServerOptions> server)
{
    private SmartSwitches _switches = options.Smart;

    public SmartSwitches Switches
    {
        get => _switches;
        set
        {
            _switches = value;
            // OpenIddict asks this of its options at every refresh.
            server.CurrentValue.DisableRollingRefreshTokens = !value.RotatesRefreshTokens;
        }
    }
}
