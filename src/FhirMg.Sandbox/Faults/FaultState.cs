namespace FhirMg.Sandbox.Faults;

/// <summary>The switches as they stand.</summary>
internal sealed class FaultState
{
    private readonly Lock _turn = new();
    private int _left;

    public FaultState(FaultSwitches switches) => Set(switches);

    public FaultSwitches Switches { get; private set; } = new();

    public VendorProfile Vendor => new(Switches.Vendor);

    public void Set(FaultSwitches switches)
    {
        lock (_turn)
        {
            Switches = switches;
            _left = switches.Times;
        }
    }

    /// <summary>The status that this request gets in place of an answer; 0 for none.</summary>
    public int Next()
    {
        lock (_turn)
        {
            var status = Switches.Status;
            if (status != 0 && Switches.Times > 0 && --_left <= 0)
            {
                Switches = Switches with { Status = 0, Times = 0 };
            }

            return status;
        }
    }
}
