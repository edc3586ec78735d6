namespace FhirMg.Sandbox.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task It_starts_with_the_samples_that_come_with_it()
    {
        await using var hospital = await Hospital.OpenAsync();
        Assert.True(hospital.Application.Patients.Count > 130, $"{hospital.Application.Patients.Count}");
        Assert.Equal(hospital.Application.Patients.Count, hospital.Application.Patients.Distinct().Count());
        var bundle = await hospital.GetAsync("Patient?_summary=count");
        Assert.Equal(hospital.Application.Patients.Count, (int)bundle["total"]!);
        var patient = await hospital.GetAsync("Patient/adult-mild-with-migraine-p1");
        Assert.Equal("Patient", (string)patient["resourceType"]!);
        var conditions = await hospital.GetAsync("Condition?patient=adult-mild-with-migraine-p1");
        Assert.NotEmpty(Hospital.Ids(conditions));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_said()
    {
        var refused = await Assert.ThrowsAsync<SandboxException>(() => SandboxApplication.StartAsync(new() { Samples = "/nowhere/at/all" }, TestContext.Current.CancellationToken));
        Assert.Contains("/nowhere/at/all", refused.Message);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        await using var hospital = await Hospital.OpenAsync();
        var refused = await Assert.ThrowsAsync<SandboxException>(() => SandboxApplication.StartAsync(new() { Port = hospital.Application.FhirBase.Port }, TestContext.Current.CancellationToken));
        Assert.Contains("free", refused.Message);
    }

    [Fact]
    public async Task What_could_not_be_loaded_is_said()
    {
        await using var hospital = await Hospital.OpenAsync();
        Assert.Contains("an entry without a resource", Assert.Single(hospital.Application.PassedOver));
    }
}
