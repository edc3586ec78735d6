using System.Text.Json.Nodes;

namespace FhirMg.Sandbox.Tests.Ehr;

/// <summary>A hospital and the service that is connected to it, for all tests of a class.</summary>
public sealed class Ward : IAsyncLifetime
{
    internal Hospital Hospital { get; private set; } = null!;

    internal FakeService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await FakeService.StartAsync();
        Hospital = await Hospital.OpenAsync();
        await Hospital.Application.ConnectAsync(Service.Address, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Hospital.DisposeAsync();
        await Service.DisposeAsync();
    }

    /// <summary>No cards, no faults.</summary>
    internal void Reset()
    {
        (Service.Answer, Service.FeedbackStatus) = (new JsonArray(), 200);
        (Hospital.Application.Faults, Hospital.Application.Smart) = (new(), new());
        Service.Received.Clear();
    }
}
