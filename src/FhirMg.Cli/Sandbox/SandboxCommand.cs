using System.CommandLine;
using System.CommandLine.Parsing;

namespace FhirMg.Cli.Sandbox;

/// <summary><c>fhirmg sandbox</c>: a simulated hospital to develop an integration against.</summary>
internal static class SandboxCommand
{
    private const int DefaultPort = 8090;
    private const int HighestPort = 65535;

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port to listen at; 0 is a free one.", HelpName = "PORT", DefaultValueFactory = _ => DefaultPort };
        var samples = new Option<string?>("--samples") { Description = "Folder with FHIR bundles (JSON) to load, in place of the built-in cases.", HelpName = "DIR" };
        var app = new Option<Uri?>("--app") { Description = "Address of a running FhirMg service: registers its clients, launches it and fires CDS Hooks at it.", HelpName = "URL", CustomParser = Url };
        var requireToken = new Option<bool>("--require-token") { Description = "Ask for access tokens at the FHIR endpoint; without it, it is open." };
        var key = new Option<string?>("--client-key") { Description = "Register the client fhirmg-cli with this private key (JWK); the file is made when it is not there.", HelpName = "FILE" };
        var vendor = new Option<string>("--vendor") { Description = "What kind of server to be.", HelpName = "PROFILE", DefaultValueFactory = _ => "full" };
        vendor.AcceptOnlyFromAmong("full", "no-transaction", "oracle-health", "read-only");
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var number) || number is < 0 or > HighestPort))
            {
                result.AddError($"--port: '{token.Value}' is no whole number from 0 to {HighestPort}");
            }
        });
        var command = new Command("sandbox", "Runs a simulated hospital: FHIR R4 server, SMART authorization server and EHR page (docs/sandbox.md). Ctrl-C stops it.") { port, samples, app, requireToken, key, vendor };
        command.SetAction((parsed, cancellationToken) => SandboxRun.RunAsync(
            new(parsed.GetValue(port), parsed.GetValue(samples), parsed.GetValue(app), parsed.GetValue(requireToken), parsed.GetValue(key), parsed.GetValue(vendor)!), cancellationToken));
        return command;
    }

    private static Uri? Url(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https"))
        {
            return url;
        }

        result.AddError($"--app: '{result.Tokens[0].Value}' is no http or https url");
        return null;
    }
}
