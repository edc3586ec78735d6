namespace FhirMg.Screening.Worklist;

/// <summary>Why a patient stands where on the worklist: the most urgent of the reasons, most urgent first.</summary>
internal enum Urgency : byte
{
    /// <summary>Serum so low that somebody must look at once (SAFE-8).</summary>
    Critical,

    /// <summary>Another safety rule of high severity that bears on what the patient takes, or would be proposed.</summary>
    Safety,

    /// <summary>An acute attack that magnesium may be given for now (RX-6, RX-7).</summary>
    Attack,

    /// <summary>A magnesium medicine is proposed (RX-1 to RX-5).</summary>
    Treatment,

    /// <summary>What the patient takes is to be looked at again (RX-8, and safety rules of lesser severity).</summary>
    Review,

    /// <summary>Dietary advice (DIET-1).</summary>
    Diet,

    /// <summary>A laboratory order (LAB-1 to LAB-4).</summary>
    Laboratory,

    /// <summary>Questions to the patient (ASK-1).</summary>
    Ask,
}
