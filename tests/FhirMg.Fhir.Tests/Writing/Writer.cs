using FhirMg.Fhir.Servers;
using FhirMg.Fhir.Writing;
using FhirMg.Reasoning.Evaluation;
using FhirMg.Reasoning.Knowing;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMg.Fhir.Tests.Writing;

/// <summary>Somebody who writes back: each one stands for a process of its own.</summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Writer(Uri baseUrl, WriteBackOptions? options = null, WritePolicy policy = WritePolicy.Write, Func<FhirServerOptions, FhirServerOptions>? configure = null)
    {
        var server = new FhirServerOptions { Name = "server", BaseUrl = baseUrl, WritePolicy = policy, Deadline = TimeSpan.FromSeconds(20) };
        _services = new ServiceCollection().AddFhirServers(configure?.Invoke(server) ?? server).BuildServiceProvider();
        Server = _services.GetRequiredService<FhirServers>()["server"];
        Options = options ?? new();
    }

    public FhirServer Server { get; }

    private WriteBackOptions Options { get; }

    public async Task<WriteResult> WriteAsync(Case data, DateTimeOffset? asOf = null) => await WriteAsync(data.Assess(asOf));

    public Task<WriteResult> WriteAsync(Assessment assessment) =>
        WriteBack.ExecuteAsync(Server, assessment, Language.English, Options, TestContext.Current.CancellationToken);

    public Task<WritePlan> PlanAsync(Case data) =>
        WriteBack.PlanAsync(Server, data.Assess(), Language.English, Options, TestContext.Current.CancellationToken);

    /// <summary>Without the turns that writers of one process take.</summary>
    public async Task<WriteResult> WriteAtOnceAsync(Assessment assessment)
    {
        var capability = await Server.GrantedCapabilityAsync(TestContext.Current.CancellationToken);
        return await new WriteRun(Server, capability, assessment, PatientAt.Find(Server, assessment)!, Language.English, Options).RunAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
