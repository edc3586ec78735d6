namespace FhirMg.Sandbox.Ehr;

/// <summary>What the EHR page launches and asks; may be known only after the sandbox has started.</summary>
internal sealed class Connections(SandboxOptions options)
{
    public Uri? AppLaunchUrl { get; set; } = options.AppLaunchUrl;

    public Uri? CdsServices { get; set; } = options.CdsServices;
}
