using System.Collections.Concurrent;
using FhirMg.Fhir.Servers;
using FhirMg.Service.Tenants;

namespace FhirMg.Service.Health;

/// <summary>Whether each FHIR server answers. Each is asked at most once in a while, however often somebody wants to know.</summary>
internal sealed class ServerStates(TenantRegistry tenants, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, Task<bool> Answers)> _states = new(StringComparer.Ordinal);

    /// <summary>The state of every server, by name: true when it answers.</summary>
    public async Task<IReadOnlyDictionary<string, bool>> GetAsync(CancellationToken cancellationToken)
    {
        var asked = tenants.All.Select(tenant => (tenant.Name, State: StateOf(tenant))).ToList();
        await Task.WhenAll(asked.Select(one => one.State)).WaitAsync(cancellationToken);
        return asked.ToDictionary(one => one.Name, one => one.State.Result, StringComparer.Ordinal);
    }

    private Task<bool> StateOf(Tenant tenant) => _states.AddOrUpdate(
        tenant.Name,
        _ => (time.GetUtcNow(), AskAsync(tenant)),
        (_, known) => time.GetUtcNow() - known.At < Fresh || !known.Answers.IsCompleted ? known : (time.GetUtcNow(), AskAsync(tenant))).Answers;

    // Shared by all who wait for it, so nobody's cancellation ends it; the server's own deadline does.
    private static async Task<bool> AskAsync(Tenant tenant)
    {
        using var deadline = new CancellationTokenSource(tenant.Options.Deadline);
        try
        {
            // One that wants a token even for this answers, too.
            return (int)(await tenant.Server.GetAsync("metadata?_summary=true", deadline.Token)).Status < StatusCodes.Status500InternalServerError;
        }
        catch (Exception e) when (e is FhirServerException or OperationCanceledException)
        {
            return false;
        }
    }
}
