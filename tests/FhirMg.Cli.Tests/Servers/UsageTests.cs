namespace FhirMg.Cli.Tests.Servers;

/// <summary>Wrong usage of server options: exit code 2, nothing sent, nothing secret repeated.</summary>
public sealed class UsageTests
{
    private const string Loopback = "http://127.0.0.1:1/fhir";

    public static TheoryData<string, string[]> Wrong => new()
    {
        { "--server and files are two sources", ["x.json", "--server", Loopback, "--patient", "a"] },
        { "--server and files are two sources", ["-", "--server", Loopback, "--patient", "a"] },
        { "--write needs --server URL", ["x.json", "--write"] },
        { "--header needs --server URL", ["x.json", "--header", "X: 1"] },
        { "--identifier needs --server URL", ["x.json", "--identifier", "a|b"] },
        { "--server needs --patient ID", ["--server", Loopback] },
        { "is no http or https url", ["--server", "fhir.example.org", "--patient", "a"] },
        { "is no http or https url", ["--server", "ftp://fhir.example.org", "--patient", "a"] },
        { "holds a user or password", ["--server", "https://me:s3cret@fhir.example.org", "--patient", "a"] },
        { "holds a query or fragment", ["--server", "https://fhir.example.org?a=b", "--patient", "a"] },
        { "is no id of a patient", ["--server", Loopback, "--patient", "https://x|1"] },
        { "is not system|value", ["--server", Loopback, "--identifier", "12345"] },
        { "--client-id needs --key FILE", ["--server", Loopback, "--patient", "a", "--client-id", "me"] },
        { "need --client-id ID", ["--server", Loopback, "--patient", "a", "--key", "/dev/null"] },
        { "leave one of them out", ["--server", Loopback, "--patient", "a", "--client-id", "me", "--key", "k", "--client-secret-file", "SECRET-FILE"] },
        { "is not https", ["--server", "http://fhir.example.org/r4", "--patient", "a", "--client-id", "me", "--key", "k"] },
        { "is not https", ["--server", "http://fhir.example.org/r4", "--patient", "a", "--header", "X-Note: @SECRET-FILE"] },
        { "looks like a secret", ["--server", Loopback, "--patient", "a", "--header", "Authorization: Bearer s3cret"] },
        { "looks like a secret", ["--server", Loopback, "--patient", "a", "--header", "X-Api-Key: s3cret"] },
        { "it is not \"Name: value\"", ["--server", Loopback, "--patient", "a", "--header", "s3cret"] },
        { "--deadline: '0'", ["--server", Loopback, "--patient", "a", "--deadline", "0"] },
        { "--max-concurrency: 'x'", ["--server", Loopback, "--patient", "a", "--max-concurrency", "x"] },
        { "'all'", ["--server", Loopback, "--patient", "a", "--write-policy", "all"] },
        { "--plot draws one patient", ["--server", Loopback, "--patient", "a", "--patient", "b", "--plot", "x.svg"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_usage_exits_with_2_and_repeats_no_secret(string said, string[] arguments)
    {
        using var workspace = new Workspace();
        var line = workspace.Write("line", "s3cret");
        var run = Fhirmg.Run(["evaluate", .. arguments.Select(argument => argument.Replace("SECRET-FILE", line, StringComparison.Ordinal))]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--key", "nowhere")]
    [InlineData("--client-secret-file", "nowhere")]
    [InlineData("--ca", "nowhere")]
    [InlineData("--ca", "global.json")]
    [InlineData("--client-certificate", "global.json")]
    [InlineData("--patients", "nowhere")]
    [InlineData("--header", "Authorization: @nowhere")]
    public void A_file_that_cannot_be_used_is_named(string option, string value)
    {
        string[] client = option is "--key" or "--client-secret-file" ? ["--client-id", "me"] : [];
        var run = Fhirmg.Run(["evaluate", "--server", Loopback, "--patient", "a", .. client, option, value]);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(option, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", run.Errors, StringComparison.Ordinal);
    }
}
