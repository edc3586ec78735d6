namespace FhirMg.Cli.Tests;

/// <summary>Wrong usage: exit code 2, and what to write instead.</summary>
public sealed class UsageTests
{
    public static TheoryData<string, string[]> WrongUsage => new()
    {
        { "'xml'", ["evaluate", "x.json", "--format", "xml"] },
        { "'de'", ["evaluate", "x.json", "--lang", "de"] },
        { "neither a FHIR date", ["evaluate", "x.json", "--as-of", "yesterday"] },
        { "neither a FHIR date", ["evaluate", "x.json", "--as-of", "2026-11-23T10:00:00"] },
        { "neither a FHIR date", ["evaluate", "x.json", "--as-of", "2026-02-30"] },
        { "neither a FHIR date", ["evaluate", "x.json", "--as-of", "0001"] },
        { "is not VALUE-SET=SYSTEM|CODE", ["evaluate", "x.json", "--additional-code", "serum-magnesium"] },
        { "no rule asks for a value set 'blood'", ["evaluate", "x.json", "--additional-code", "blood=https://lab.example.org|MG"] },
        { "there is no rule 'RX-99'", ["evaluate", "x.json", "--disable-rule", "RX-99"] },
        { "SAFE-1 cannot be switched off", ["evaluate", "x.json", "--disable-rule", "SAFE-1"] },
        { "DEF-1 cannot be switched off", ["evaluate", "x.json", "--disable-rule", "def-1"] },
        { "ends neither in .svg nor in .png", ["evaluate", "x.json", "--plot", "x.pdf"] },
        { "evaluate", ["evalaute", "x.json"] },
        { "--frmat", ["knowledge", "--frmat", "table"] },
        { "command was not provided", [] },
        { "--patient", ["evaluate", "--patient"] },
    };

    [Theory]
    [MemberData(nameof(WrongUsage))]
    public void Wrong_usage_exits_with_2_and_says_what_is_wrong(string said, string[] arguments)
    {
        var run = Fhirmg.Run(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void An_unknown_command_suggests_the_one_that_is_meant() =>
        Assert.Contains("evaluate", Fhirmg.Run("evalute").Errors, StringComparison.Ordinal);

    [Fact]
    public void A_plot_of_several_patients_asks_which()
    {
        using var workspace = new Workspace();
        var run = Fhirmg.Evaluate(Repository.Sample("serum-at-the-limits-six-adults"), "--plot", workspace.Path("a.svg"));
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("--plot draws one patient, and there are 6: choose one with --patient", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(workspace.Path("a.svg")));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("evaluate", "--help")]
    [InlineData("knowledge", "-h")]
    public void Help_goes_to_standard_output(params string[] arguments)
    {
        var run = Fhirmg.Run(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_names_program_and_knowledge()
    {
        var run = Fhirmg.Run("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("fhirmg 0.", run.Output, StringComparison.Ordinal);
        Assert.Contains("PlanDefinition/magnesium-migraine|", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_arguments_never_end_in_a_stack_trace()
    {
        string[] parts = ["evaluate", "knowledge", "--format", "--lang", "--as-of", "--patient", "--plot", "--output", "--disable-rule", "--additional-code",
            "--knowledge", "-", "--", "", "=", "|", "@", "@x", "/", "RX-1", "json", "\0x", "..", "a=b|c", "[diagram]", "[suggest]", "-1", "9999-12-31T23:59:59-14:00", "ru", "/dev/null",
            "--server", "http://127.0.0.1:1/fhir", "--identifier", "--patients", "--write", "--write-policy", "--client-id", "--key", "--header", "X: 1", "--deadline", "1"];
        var random = new Random(20261123);
        for (var i = 0; i < 60; i++)
        {
            var arguments = Enumerable.Range(0, random.Next(1, 6)).Select(_ => parts[random.Next(parts.Length)].Replace("\0", "\u0001", StringComparison.Ordinal)).ToArray();
            if (arguments.Contains("/") || arguments.Contains(".."))
            {
                continue;
            }

            var run = Fhirmg.Run(arguments);
            Assert.True(run.ExitCode is 0 or 1 or 2, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Errors}");
            Assert.DoesNotContain("unexpected", run.Errors, StringComparison.Ordinal);
        }
    }
}
