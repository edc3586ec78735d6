namespace FhirMg.Simulators;

/// <summary>What a fault does with a request: answers itself, or asks the rest and changes the answer.</summary>
public delegate Task<Answer> FaultBehaviour(RecordedRequest request, Func<Task<Answer>> rest, CancellationToken stopped);

/// <summary>Something that goes wrong between a client and a server; see <see cref="Faults"/>.</summary>
/// <param name="Name">What it imitates.</param>
/// <param name="Behaviour">What it does.</param>
public sealed record Fault(string Name, FaultBehaviour Behaviour)
{
    /// <summary>Which requests it concerns; all unless said otherwise. The CapabilityStatement and SMART configuration are spared.</summary>
    public Func<RecordedRequest, bool> Concerns { get; init; } = request => request.Path is not ("metadata" or ".well-known/smart-configuration");

    /// <summary>How many requests it strikes; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The fault, striking one request only.</summary>
    public Fault Once() => Times(1);

    /// <summary>The fault, striking so many requests only.</summary>
    public Fault Times(int limit) => this with { Limit = limit };

    /// <summary>The fault, striking requests about a resource type only.</summary>
    public Fault On(string type) => When(request => request.Type == type);

    /// <summary>The fault, striking only such requests (and only those it concerned before).</summary>
    public Fault When(Func<RecordedRequest, bool> condition) => this with { Concerns = request => Concerns(request) && condition(request) };

    /// <summary>The fault, striking every request, the CapabilityStatement and SMART configuration too.</summary>
    public Fault Everywhere() => this with { Concerns = _ => true };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
