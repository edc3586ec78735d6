namespace FhirMg.Sandbox.Fhir;

/// <summary>The hospital's records, in memory. Reading takes no lock; changes come one after another, each whole or not at all.</summary>
internal sealed class FhirStore(TimeProvider time)
{
    private readonly Lock _turn = new();
    private StoreState _state = StoreState.Empty;

    public StoreState Now => Volatile.Read(ref _state);

    /// <summary>Makes a change; when <paramref name="work"/> throws, nothing of it remains.</summary>
    public T Change<T>(Func<StoreChange, T> work)
    {
        lock (_turn)
        {
            var change = new StoreChange(_state, time.GetUtcNow());
            var result = work(change);
            Volatile.Write(ref _state, change.State);
            return result;
        }
    }
}
