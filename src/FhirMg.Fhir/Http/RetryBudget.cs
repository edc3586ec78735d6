namespace FhirMg.Fhir.Http;

/// <summary>Limits retries to a share of all requests, so that retries never multiply an outage.</summary>
internal sealed class RetryBudget(double perRequest, double most)
{
    private readonly double _most = most;
    private readonly Lock _lock = new();
    private double _tokens = most;

    /// <summary>Adds a request's share.</summary>
    public void Earn()
    {
        lock (_lock)
        {
            _tokens = Math.Min(_most, _tokens + perRequest);
        }
    }

    /// <summary>Takes one retry out of the budget; false when it is spent.</summary>
    public bool TrySpend()
    {
        lock (_lock)
        {
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
