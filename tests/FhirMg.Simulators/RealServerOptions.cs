namespace FhirMg.Simulators;

/// <summary>How a <see cref="RealServer"/> behaves. The default is a server that does what the specification says.</summary>
public sealed record RealServerOptions
{
    /// <summary>Share of requests that fail (0–100): 503 or a dropped connection, before or after the work was done.</summary>
    public double FailPercent { get; init; }

    /// <summary>Chooses which requests fail: the same seed and order of requests fail in the same way.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Added before each answer.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>For how long searches, also those of conditional interactions, do not see a write (HealthLake).</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>For how long concurrent conditional creates do not see each other and so duplicate (HAPI, Microsoft, Medplum).</summary>
    public TimeSpan Race { get; init; }

    /// <summary>Stores whatever is sent. Otherwise writes are validated against R4 and refused with 400.</summary>
    public bool Lenient { get; init; }

    /// <summary>Transactions are neither offered nor accepted (405); batches still are.</summary>
    public bool NoTransaction { get; init; }

    internal IEnumerable<string> Arguments()
    {
        yield return "--until-stdin-ends";
        yield return FormattableString.Invariant($"--fail={FailPercent}");
        yield return FormattableString.Invariant($"--seed={Seed}");
        yield return FormattableString.Invariant($"--latency={Latency.TotalMilliseconds}");
        yield return FormattableString.Invariant($"--lag={Lag.TotalMilliseconds}");
        yield return FormattableString.Invariant($"--race={Race.TotalMilliseconds}");
        if (Lenient)
        {
            yield return "--lenient";
        }

        if (NoTransaction)
        {
            yield return "--no-transaction";
        }
    }
}
