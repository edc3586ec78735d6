using System.Diagnostics;
using FhirMg.Simulators;

namespace FhirMg.Cli.Tests.Servers;

/// <summary>A server that cannot be used: exit code 1, one line that says what, where and what to do, and no report.</summary>
public sealed class FaultTests
{
    [Fact]
    public void A_server_that_is_down_for_good_is_given_up_in_time()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).Inject(Faults.Status(503).Everywhere());
        var clock = Stopwatch.StartNew();
        Refused(Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--deadline", "5"), "503");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"{clock.Elapsed}");
    }

    [Fact]
    public void A_server_that_hangs_costs_the_deadline()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).Inject(Faults.Hang());
        Refused(Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--deadline", "10"), "did not come within 10 s");
    }

    [Fact]
    public void A_server_that_hangs_at_once_costs_the_deadline()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).Inject(Faults.Hang().Everywhere());
        var began = Stopwatch.GetTimestamp();
        Refused(Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--deadline", "2"), "did not answer within 2 s");

        // A call that went on would keep the program for half a minute.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(401, "--client-id with --key")]
    [InlineData(403, "what the client is registered for")]
    [InlineData(404, "Check that --server is the FHIR R4 base")]
    public void A_refusal_at_the_door_says_what_to_do(int status, string advice)
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).Inject(Faults.Status(status).Everywhere());
        var run = Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient, "--patient", "p2");
        Refused(run, advice);
        Assert.Contains($"/metadata answers {status}", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_web_page_is_no_FHIR_server()
    {
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).Inject(Faults.HtmlPage().Everywhere());
        Refused(Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient), "check that the base url is that of a FHIR R4 server");
    }

    [Fact]
    public void An_R5_server_is_refused_as_such()
    {
        var r5 = new Fault("R5", async (_, rest, _) => Answer.Of(200, (await rest()).Json!.With("fhirVersion", "\"5.0.0\"")));
        using var server = Hospital.Start(Vendors.Hapi, Hospital.Mild).Inject(r5.When(request => request.Path == "metadata") with { Concerns = request => request.Path == "metadata" });
        Refused(Hospital.Evaluate(server.BaseUrl, "--patient", Hospital.MildPatient), "it speaks FHIR 5.0.0: FhirMg needs R4");
    }

    [Theory]
    [InlineData("https://no-such-host.invalid/fhir", "There is no host of this name")]
    [InlineData("http://127.0.0.1:1/fhir", "Nothing answers at this address and port")]
    public void A_server_that_is_not_there_is_named(string url, string said) =>
        Refused(Hospital.Evaluate(new Uri(url), "--patient", "a", "--deadline", "60"), said);

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_until_its_authority_is_named()
    {
        using var workspace = new Workspace();
        await using var server = new TlsServer();
        Refused(Hospital.Evaluate(server.BaseUrl, "--patient", "a", "--deadline", "10"), "--ca FILE");
        Refused(Hospital.Evaluate(server.BaseUrl, "--patient", "a", "--deadline", "10", "--ca", workspace.Write("ca.pem", server.Certificate)), "/metadata answers 404");
    }

    private static void Refused(Fhirmg run, string said)
    {
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
    }
}
