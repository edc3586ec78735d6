using FhirMg.Fhir.Tests.Pulling;
using FhirMg.Simulators;

namespace FhirMg.Fhir.Tests.Http;

/// <summary>What a server says of an error is shown, in whatever form it comes, trimmed, and never swallowed.</summary>
public sealed class ErrorTextTests
{
    public static TheoryData<ErrorStyle> Styles => [.. Enum.GetValues<ErrorStyle>()];

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task It_is_told_in_every_form(ErrorStyle style)
    {
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources()).Inject(Faults.Status(403, style).On("AllergyIntolerance"));
        await using var pull = new Pull(simulator.BaseUrl);
        var warning = Assert.Single((await pull.ReadAsync(Chart.Patient)).Warnings, warning => warning.StartsWith("AllergyIntolerance", StringComparison.Ordinal));
        Assert.Contains("403", warning, StringComparison.Ordinal);
        Assert.Contains("Failing on purpose", warning, StringComparison.Ordinal);
        Assert.DoesNotContain('<', warning);
        Assert.DoesNotContain('{', warning);
    }

    [Theory]
    [InlineData(ErrorStyle.Text)]
    [InlineData(ErrorStyle.Html)]
    [InlineData(ErrorStyle.Message)]
    [InlineData(ErrorStyle.OperationOutcome)]
    [InlineData(ErrorStyle.WithoutResourceType)]
    public async Task It_is_trimmed(ErrorStyle style)
    {
        var endless = new Fault("endless", (_, _, _) => Task.FromResult(Answer.Error(400, string.Join('\n', Enumerable.Repeat("stack trace line", 1000)), style)));
        using var simulator = Simulator.Start(Vendors.Hapi, Chart.Resources()).Inject(endless.On("AllergyIntolerance"));
        await using var pull = new Pull(simulator.BaseUrl);
        var warning = Assert.Single((await pull.ReadAsync(Chart.Patient)).Warnings, warning => warning.StartsWith("AllergyIntolerance", StringComparison.Ordinal));
        Assert.InRange(warning.Length, 50, 420);
        Assert.DoesNotContain('\n', warning);
    }

    [Theory]
    [InlineData("", "no explanation")]
    [InlineData("   ", "no explanation")]
    [InlineData("{}", "no explanation")]
    public async Task Where_it_says_nothing_that_is_told(string body, string told)
    {
        using var simulator = Simulator.Start(Vendors.Hapi, []).Inject(new Fault("silent", (_, _, _) => Task.FromResult(new Answer(400, body))));
        await using var pull = new Pull(simulator.BaseUrl);
        Assert.Equal(told, (await pull.Server.GetAsync("Patient/p1", TestContext.Current.CancellationToken)).Said());
    }
}
